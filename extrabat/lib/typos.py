"""One typing error: a letter too many, too few, another one, or two that changed places."""


def one_error_apart(one: str, other: str) -> bool:
    """Do the two words differ by exactly one error?"""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    start = next((at for at, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) < len(long):
        return short[start:] == long[start + 1 :]
    swapped = long[start + 1 : start + 2] + long[start : start + 1]
    return short[start + 1 :] == long[start + 1 :] or (
        short[start : start + 2] == swapped and short[start + 2 :] == long[start + 2 :]
    )


def halves(word: str) -> tuple[str, str]:
    """A beginning and an end, one of which every word one error apart still has, save a change of places at the seam.

    See `swapped_at_the_seam` for that one.
    """
    seam = len(word) // 2
    return word[:seam], word[seam:]


def swapped_at_the_seam(word: str) -> str:
    seam = len(word) // 2
    return word[: seam - 1] + word[seam : seam + 1] + word[seam - 1 : seam] + word[seam + 1 :] if seam else word

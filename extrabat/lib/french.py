"""French display: numbers, amounts, dates, hours and typography."""

import re
import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from extrabat.lib.dates import local_day, paris
from extrabat.lib.money import cents, round_half_up

# U+00A0 in thousands and before : % €; U+202F before ; ? ! only: in our font it is too thin for thousands.
NBSP: Final = "\u00a0"
NARROW: Final = "\u202f"
MINUS: Final = "\u2212"

_WEEKDAYS: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MONTHS: Final = (
    *("janvier", "février", "mars", "avril", "mai", "juin", "juillet"),
    *("août", "septembre", "octobre", "novembre", "décembre"),
)


def number(value: Decimal | int, places: int | None = None) -> str:
    """Write "1 234,5"; `places` rounds half-up to that many decimals, None keeps all but the final zeros."""
    exact = Decimal(value)
    if places is not None:
        exact = round_half_up(exact, Decimal(1).scaleb(-places))
    elif not exact.is_finite():
        raise ValueError(f"{exact} is not a number")
    whole, _, fraction = f"{exact.copy_abs():,f}".partition(".")
    if places is None:
        fraction = fraction.rstrip("0")
    sign = MINUS if exact < 0 else ""
    return sign + whole.replace(",", NBSP) + (f",{fraction}" if fraction else "")


def amount(value: Decimal, currency: bool = True) -> str:
    """Write "1 234,56 €", rounded half-up to the cent; without `currency`, "1 234,56"."""
    return number(cents(value), places=2) + (f"{NBSP}€" if currency else "")


def percent(value: Decimal) -> str:
    """Write a rate given in percent: Decimal("5.50") is "5,5 %"."""
    return f"{number(value)}{NBSP}%"


def weight(size: int) -> str:
    """Write the size of a file: "48 octets", "36 ko", "5,2 Mo"; a megabyte is the 1,048,576 bytes of the limit."""
    if size < 1024:
        return f"{size}{NBSP}{'octets' if size > 1 else 'octet'}"
    if size < 1024 * 1000:
        return f"{number(Decimal(size) / 1024, places=0)}{NBSP}ko"
    return f"{number(round_half_up(Decimal(size) / 1024**2, Decimal('0.1')))}{NBSP}Mo"


def day(value: date) -> str:
    """Write "25/11/2026"; an aware datetime gives its day in Paris."""
    local = _in_paris(value) if isinstance(value, datetime) else value
    return f"{local.day:02d}/{local.month:02d}/{local.year:04d}"


def long_day(value: date) -> str:
    """Write "mercredi 25 novembre 2026", "1er" for the first; an aware datetime gives its day in Paris."""
    local = _in_paris(value) if isinstance(value, datetime) else value
    ordinal = "1er" if local.day == 1 else str(local.day)
    return f"{_WEEKDAYS[local.weekday()]} {ordinal} {_MONTHS[local.month - 1]} {local.year}"


def hour(value: time | datetime) -> str:
    """Write "9 h" or "9 h 30" for running text; an aware datetime gives its hour in Paris."""
    local = _in_paris(value) if isinstance(value, datetime) else value
    return f"{local.hour}{NBSP}h" + (f"{NBSP}{local.minute:02d}" if local.minute else "")


def clock(value: time | datetime) -> str:
    """Write "09:30" for tables and fields; an aware datetime gives its hour in Paris."""
    local = _in_paris(value) if isinstance(value, datetime) else value
    return f"{local.hour:02d}:{local.minute:02d}"


def moment(value: datetime, now: datetime) -> str:
    """Say when something happened: "à l’instant" under a minute, "il y a 5 min" under an hour, "09:42" the
    same day in Paris, "hier 16:42", else "25/11/2026". Minutes are those elapsed, rounded down. An instant
    to come has no "il y a". Raises ValueError for naive datetimes.
    """
    days_ago = (local_day(now) - local_day(value)).days
    # Two datetimes of one zone are subtracted by their wall clocks: an hour wrong when the hour changes.
    elapsed = now.astimezone(UTC) - value.astimezone(UTC)
    if abs(elapsed) < timedelta(minutes=1):
        return "à l’instant"
    if timedelta(0) < elapsed < timedelta(hours=1):
        return f"il y a {elapsed // timedelta(minutes=1)}{NBSP}min"
    if days_ago == 0:
        return clock(value)
    return f"hier {clock(value)}" if days_ago == 1 else day(value)


def _in_paris(value: datetime) -> datetime:
    return value if value.utcoffset() is None else value.astimezone(paris)


_SPACE: Final = r"[ \u00A0\u202F\u2009]+"
_TYPOGRAPHY: Final = re.compile(
    r"(?P<untouched>(?:https?://|www\.)\S+|(?<![\w.+'-])[\w.+'-]+@[\w-]+(?:\.[\w-]+)+|&#?\w+;)"
    rf"|(?P<opened>(?<=«){_SPACE}(?=\S))"
    rf"|(?P<wide>(?<=\S){_SPACE}(?=[:%€»]))"
    rf"|(?P<narrow>(?<=\S){_SPACE}(?=[;?!]))"
    r"|(?P<wide_missing>(?<=[\w)\]»”%€°.…]):(?=\s|\Z))"
    r"|(?P<narrow_missing>(?<=[\w)\]»”%€°.…])[;?!](?=[?!…]*(?:[\s)\]»”]|\Z)))"
    r"|(?P<apostrophe>(?<=[^\W\d_])'(?=[^\W\d_]))"
)


def typo(text: str) -> str:
    """Give running French text its spaces and apostrophes; idempotent.

    U+00A0 before : % € » and after «, U+202F before ; ? ! in the place of the space that stands there. Where
    none stands, : ; ? ! get one after a word when a space or the end follows, so that clock times (09:30)
    are left alone, as are web and e-mail addresses. ' between letters becomes ’. For plain text, not HTML.
    """
    return _TYPOGRAPHY.sub(_typographic, text)


def _typographic(match: re.Match[str]) -> str:
    found = match.group()
    replacements = {
        "untouched": found,
        "opened": NBSP,
        "wide": NBSP,
        "narrow": NARROW,
        "wide_missing": NBSP + found,
        "narrow_missing": NARROW + found,
        "apostrophe": "’",
    }
    return replacements[match.lastgroup or "untouched"]


def plural(count: int, singular: str, plural: str | None = None) -> str:
    """Write "0 client", "1 client", "2 clients": plural from 2 on.

    Without `plural` the word takes an s unless it ends in s, x or z: irregular words and groups are given.
    """
    many = plural or (singular if singular.endswith(("s", "x", "z")) else f"{singular}s")
    return f"{number(count)}{NBSP}{singular if abs(count) < 2 else many}"


def join(*items: str) -> str:
    """List words: "a", "a et b", "a, b et c"; nothing gives ""."""
    *start, last = items or ("",)
    return f"{', '.join(start)} et {last}" if start else last


def initials(first: str, last: str) -> str:
    """Give two capitals for an avatar: "CD"; of a single name its first two letters; of none, "".

    Only letters and digits count; accents are kept.
    """
    names = [letters for name in (first, last) if (letters := _letters(name))]
    if len(names) == 2:
        return names[0][0] + names[1][0]
    return names[0][:2] if names else ""


def _letters(name: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFC", name) if sign.isalnum()).upper()

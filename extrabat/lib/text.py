"""Search keys: one normalisation, written for Python and for Postgres from the same constants."""

import re
import unicodedata
from typing import Final

# The two sides do not carry the same Unicode version (Python 3.11: 14, PostgreSQL 18: 16) and do not call
# the same things letters (Postgres: é's combining accent yes, ² no; Python: the reverse). So neither
# str.isalnum() nor [[:alnum:]] is used: the classes below are explicit, and both regex engines read this
# very text. They name only code points that were assigned long ago, whose case and decomposition Unicode
# promises never to change.

# Blocks that still receive letters which decompose or change case: both sides forget them at once, before
# looking anything up. The gap in the middle is the mathematical alphabets (𝐏𝐢𝐬𝐜𝐢𝐧𝐞), which decompose to ours.
_UNSTABLE: Final = r"[\uA720-\uA7FF\U00010000-\U0001D3FF\U0001D800-\U0010FFFF]"

# Signs that vanish without cutting the word: combining marks, soft hyphen, zero-width and direction marks.
_DROPPED: Final = (
    r"[\u00AD\u200B-\u200F\u202A-\u202E\u2060\uFEFF"
    r"\u0300-\u036F\u0483-\u0489\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20FF\uFE20-\uFE2F"
    r"\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7"
    r"\u0610-\u061A\u064B-\u065F\u0670\u06D6-\u06DC\u06DF-\u06E4\u06E7\u06E8\u06EA-\u06ED"
    r"\u3099\u309A]"
)

# Everything that is not a letter or a digit of the scripts we know, as they are left by NFKD.
_SEPARATORS: Final = (
    r"[^0-9A-Za-z"
    r"\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02AF\u1D00-\u1DBF\u1E00-\u1EFF\u2C60-\u2C7F"  # Latin
    r"\u0370-\u0373\u0376\u0377\u037B-\u037D\u037F\u0386\u0388-\u03F5\u03F7-\u03FF"  # Greek
    r"\u0400-\u0481\u048A-\u052F"  # Cyrillic
    r"\u0531-\u0556\u0560-\u0588\u10A0-\u10C5\u10D0-\u10FA\u10FC-\u10FF\u1C90-\u1CBF\u2D00-\u2D25"  # Caucasus
    r"\u05D0-\u05EA\u05EF-\u05F2"  # Hebrew
    r"\u0620-\u064A\u0660-\u0669\u066E\u066F\u0671-\u06D3\u06D5\u06EE-\u06FC\u06FF"  # Arabic
    r"\u1100-\u11FF\u3005-\u3007\u3041-\u3096\u309D-\u309F\u30A1-\u30FA\u30FC-\u30FF"  # Hangul, kana
    r"\u3400-\u4DBF\u4E00-\u9FFF]+"  # Han
)

# Letters that Unicode does not decompose, by their lower case.
_SINGLES: Final = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "ς": "σ"}
_DOUBLES: Final = {"œ": "oe", "æ": "ae", "ß": "ss", "þ": "th"}

_UNSTABLE_RE: Final = re.compile(_UNSTABLE)
_DROPPED_RE: Final = re.compile(_DROPPED)
_SEPARATORS_RE: Final = re.compile(_SEPARATORS)
_SPELLING: Final = str.maketrans(_SINGLES | _DOUBLES)


def normalise(text: str) -> str:
    """Give the search key of a text: "  L’Œuvre d’Éloïse " is "l oeuvre d eloise".

    Lower case, no accents, ligatures spelled out, every run of other signs one space, trimmed; idempotent.
    Scripts outside `_SEPARATORS` count as signs. `house_normalise` in Postgres gives the same for every text.
    """
    kept = unicodedata.normalize("NFKD", _UNSTABLE_RE.sub(" ", text))
    kept = _SEPARATORS_RE.sub(" ", _DROPPED_RE.sub("", kept))
    return kept.lower().translate(_SPELLING).strip(" ")


def words(text: str) -> list[str]:
    """Split a text into its normalised words; an empty or purely punctuated text has none."""
    return normalise(text).split()


def digits(text: str) -> str:
    """Keep the ASCII digits of a text: "06 12-34" is "061234"."""
    return re.sub(r"[^0-9]", "", text)


def _spelled_sql(expression: str) -> str:
    singles, replacements = "".join(_SINGLES), "".join(_SINGLES.values())
    spelled = f"translate({expression}, '{singles}', '{replacements}')"
    for letter, letters in _DOUBLES.items():
        spelled = f"replace({spelled}, '{letter}', '{letters}')"
    return spelled


def _replaced_sql(expression: str, pattern: str, by: str) -> str:
    return f"regexp_replace({expression}, '{pattern}', '{by}', 'g')"


_STABLE_SQL: Final = f"normalize({_replaced_sql('value', _UNSTABLE, ' ')}, NFKD)"
_KEPT_SQL: Final = _replaced_sql(_replaced_sql(_STABLE_SQL, _DROPPED, ""), _SEPARATORS, " ")

# Immutable built-ins only, so that it may stand in an index or a generated column; in a database whose
# locale provider is builtin C.UTF-8. A change here asks for a migration that replaces the function AND
# rebuilds what was computed with the former one.
NORMALISE_SQL: Final = f"""
CREATE OR REPLACE FUNCTION house_normalise(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT btrim({_spelled_sql(f"lower({_KEPT_SQL})")}, ' ')
$$
"""

"""The tints that a company may choose for actions and focus; static/css/accents.css draws them for both themes."""

from typing import Final

ACCENTS: Final = (
    ("eau", "Eau profonde"),
    ("lagon", "Lagon"),
    ("sapin", "Sapin"),
    ("indigo", "Indigo"),
    ("prune", "Prune"),
    ("brique", "Brique"),
    ("ardoise", "Ardoise"),
)
DEFAULT: Final = "eau"

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
# The same tints on white paper, which knows no CSS: those of the light theme.
ON_PAPER: Final = {
    "eau": "#0a5878",
    "lagon": "#0b5f5e",
    "sapin": "#23603a",
    "indigo": "#3d4a9e",
    "prune": "#7a3168",
    "brique": "#8c3a1f",
    "ardoise": "#3f4f5c",
}

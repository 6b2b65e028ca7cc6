"""The eight tints that a colour may have, told by name too: a colour alone says nothing to some (CLI-22)."""

from typing import Final

TINTS: Final = (
    (1, "bleu"),
    (2, "violet"),
    (3, "framboise"),
    (4, "ocre"),
    (5, "vert"),
    (6, "lagon"),
    (7, "ardoise"),
    (8, "brique"),
)

"""Searched words shown in a text: the HTML side of `extrabat.lib.marks`."""

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from extrabat.lib.marks import pieces


def mark(text: str, words: Iterable[str]) -> SafeString:
    """`text` escaped, each stretch that holds a searched word in a <mark>."""
    shown = (
        (format_html("<mark>{}</mark>", piece) if is_marked else piece,) for piece, is_marked in pieces(text, words)
    )
    return format_html_join("", "{}", shown)

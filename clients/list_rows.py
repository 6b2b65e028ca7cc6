"""A client's line in the list, written here and not in a template: forty lines ask one for a thousand variables.

Forty lines of four columns: 5 of the 20 ms of CPU that the page took went into that language.
"""

from collections.abc import Sequence
from typing import Final

from django.utils.html import escape
from django.utils.safestring import SafeString

from clients.columns import Column
from clients.models import Address, Client

_ROW: Final = (
    '<tr role="row">{pick}<td role="cell" class="grow">{dot}'
    '<a class="clip" href="{url}" title="{name}">{name}</a></td>{cells}</tr>\n'
)
_PICK: Final = (
    '<td role="cell" class="pick"><label><input class="form-check-input" type="checkbox" form="selection" name="c" '
    'value="{key}" data-pick aria-label="Sélectionner {name}" autocomplete="off"></label></td>'
)
_DOT: Final = '<span class="dot-client tint-{tint}" title="{label}"></span> '
_CELL: Final = '<td role="cell" class="{css}"><span class="{inner}" title="{text}">{text}</span></td>'


def row_html(client: Client, columns: Sequence[Column], address: Address | None, *, picked: bool) -> SafeString:
    """One `<tr>`; `picked` when its reader may select it. From the third on, columns keep away on a narrow screen."""
    name = escape(client.display_name)
    cells = [
        _CELL.format(
            css=f"d {column.css}{' keep' if place > 1 else ''}",
            inner="state" if column.css == "as-state" else "cell",
            text=escape(column.text(client, address) or "—"),
        )
        for place, column in enumerate(columns)
    ]
    colour = client.colour
    return SafeString(
        _ROW.format(
            pick=_PICK.format(key=client.pk, name=name) if picked else "",
            dot=_DOT.format(tint=colour.tint, label=escape(str(colour))) if colour else "",
            url=client.get_absolute_url(),
            name=name,
            cells="".join(cells),
        )
    )

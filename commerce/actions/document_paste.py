"""Rows of a spreadsheet become lines of a draft: all of them, or none."""

from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction
from django.db.models.functions import Upper

from commerce.actions.document_lines import articles_for_lines, free_line, new_lines, next_position
from commerce.actions.documents import draft
from commerce.domain.pasted import PastedRow, PasteError
from commerce.models import Article, DocumentLine
from commerce.sums import write_totals
from settings_app.submissions import earlier_result, record_result
from settings_app.users.models import User


@transaction.atomic
def paste_lines(key: int, rows: Sequence[PastedRow], *, by: User, token: str) -> int:
    """Add a line for each row and give how many. A row without code is a free line at the first rate of the list.

    A price that is given replaces the client's offer. Raises PasteError, which names the rows whose code is unknown.
    """
    earlier = earlier_result(token, by=by)
    if earlier:
        return int(earlier)
    document = draft(key)
    articles = _articles(rows)
    wanted = [(articles[row.code.upper()], row.quantity) for row in rows if row.code]
    priced = iter(new_lines(document, wanted) if wanted else [])
    position, lines = next_position(document), []
    for place, row in enumerate(rows):
        line = next(priced) if row.code else free_line(document, row.label, row.quantity)
        line.position = position + place
        line.label = row.label or line.label
        if row.price is not None:
            line.unit_price, line.discount_percent = row.price, Decimal(0)
        lines.append(line)
    DocumentLine.objects.bulk_create(lines)
    write_totals(document)
    record_result(token, str(len(lines)))
    return len(lines)


def _articles(rows: Sequence[PastedRow]) -> dict[str, Article]:
    codes = {row.code.upper() for row in rows if row.code}
    named = Article.objects.active().annotate(upper_code=Upper("code")).filter(upper_code__in=codes)
    found = articles_for_lines(list(named.values_list("pk", flat=True)))
    articles = {article.code.upper(): article for article in found.values()}
    problems = [
        f"Ligne {row.number}\u00a0: aucun article actif n’a le code «\u00a0{row.code}\u00a0»."
        for row in rows
        if row.code and row.code.upper() not in articles
    ]
    if problems:
        raise PasteError(problems)
    return articles

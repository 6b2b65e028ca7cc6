"""Articles: created, changed, switched off, deleted; their side tables and their prices by list."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from commerce.models import Article, ArticlePrice, Assembly, AssemblyPart, Kind, MaintenanceArticle
from extrabat.lib.french import plural
from extrabat.lib.refusals import Refused
from extrabat.lib.versions import apply_changes
from settings_app.submissions import earlier_result, record_result
from settings_app.users.models import User

MAINTENANCE: Final = frozenset({"every_months", "duration", "sms_reminder", "sms_text", "printable_info"})
ASSEMBLY: Final = frozenset({"has_fixed_price", "is_open_on_print"})
GONE: Final = "Cet article n’existe plus\u00a0: une autre personne vient de le supprimer."
TAKEN: Final = "Ce code article est déjà pris."
USED: Final = "Cet article est utilisé. Désactivez-le plutôt\u00a0: il ne sera plus proposé, et ce qui l’a le garde."


@transaction.atomic
def create_article(*, by: User, values: Mapping[str, Any], token: str, copy_of: Article | None = None) -> int:
    """Write an article with its side table and give its key; the same form sent twice writes one.

    `copy_of` gives its parts and its prices by list. Raises `Refused` when the code was taken meanwhile.
    """
    earlier = earlier_result(token, by=by)
    if earlier:
        return int(earlier)
    own = {name: value for name, value in values.items() if name not in MAINTENANCE | ASSEMBLY}
    try:
        with transaction.atomic():
            article = Article.objects.create(**own)
    except IntegrityError as error:
        raise Refused(_told(error)) from error
    if article.kind == Kind.MAINTENANCE:
        MaintenanceArticle.objects.create(article=article, **_only(values, MAINTENANCE))
    if article.kind == Kind.ASSEMBLY:
        Assembly.objects.create(article=article, **_only(values, ASSEMBLY))
    if copy_of:
        _copy_prices(copy_of, article)
        _copy_parts(copy_of, article)
    record_result(token, str(article.pk))
    return article.pk


def update_article(key: int, *, changes: Mapping[str, Any], seen: Mapping[str, Any]) -> None:
    """Write what was changed. Raises `Conflict`, with nothing written, over somebody else's newer values."""
    try:
        with transaction.atomic():
            article = locked(key)
            _apply(article, _without(changes, MAINTENANCE | ASSEMBLY), seen)
            if article.kind == Kind.MAINTENANCE:
                side, _ = MaintenanceArticle.objects.get_or_create(article=article)
                _apply(side, _only(changes, MAINTENANCE), seen)
            if article.kind == Kind.ASSEMBLY:
                assembly, _ = Assembly.objects.get_or_create(article=article)
                _apply(assembly, _only(changes, ASSEMBLY), seen)
    except IntegrityError as error:
        raise Refused(_told(error)) from error


@transaction.atomic
def switch_article(key: int, *, is_active: bool) -> None:
    """Offer it for new lines, or no more; what has it keeps it."""
    article = locked(key)
    if article.is_active != is_active:
        article.is_active = is_active
        article.save(update_fields=["is_active", "updated_at"])


def delete_article(key: int) -> None:
    """Delete an article that nothing uses; its prices by list and its parts go with it."""
    try:
        with transaction.atomic():
            locked(key).delete()
    except (ProtectedError, IntegrityError) as error:
        raise Refused(in_use(key) or USED) from error


def in_use(key: int) -> str:
    """Why the article cannot be deleted, or nothing."""
    held = AssemblyPart.objects.filter(article=key).count()
    return f"{USED} Il est dans {plural(held, 'nomenclature')}." if held else ""


@transaction.atomic
def set_prices(key: int, prices: Mapping[int, Decimal | None], seen: Mapping[int, Decimal | None]) -> bool:
    """Write the prices that were changed, by price list; None takes one away. Gives whether anything was.

    Raises `Refused`, with nothing written, when somebody else changed one of them since.
    """
    article = locked(key)
    current: dict[int, Decimal | None] = dict(article.prices.values_list("price_list", "price"))
    changed = {one: price for one, price in prices.items() if price != seen.get(one)}
    if any(current.get(one) not in (seen.get(one), price) for one, price in changed.items()):
        raise Refused("Une autre personne vient de changer l’un de ces prix. Relisez-les avant d’enregistrer.")
    for one, price in changed.items():
        if price is None:
            article.prices.filter(price_list=one).delete()
        else:
            ArticlePrice.objects.update_or_create(article=article, price_list_id=one, defaults={"price": price})
    return bool(changed)


def locked(key: int) -> Article:
    article = Article.objects.select_for_update(of=("self",)).filter(pk=key).first()
    if article is None:
        raise Refused(GONE)
    return article


def _apply(row: Any, changes: Mapping[str, Any], seen: Mapping[str, Any]) -> None:
    if apply_changes(row, changes, seen):
        row.save()


def _only(values: Mapping[str, Any], names: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in names}


def _without(values: Mapping[str, Any], names: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in names}


def _told(error: IntegrityError) -> str:
    """The form asked already; this is for two people at once, and for other doors."""
    return TAKEN if "article_code_unique" in str(error) else "Ces valeurs ne vont pas ensemble\u00a0: rien n’est écrit."


def _copy_prices(source: Article, article: Article) -> None:
    ArticlePrice.objects.bulk_create(
        ArticlePrice(article=article, price_list_id=price.price_list_id, price=price.price)
        for price in source.prices.all()
    )


def _copy_parts(source: Article, article: Article) -> None:
    if article.kind != Kind.ASSEMBLY:
        return
    AssemblyPart.objects.bulk_create(
        AssemblyPart(assembly_id=article.pk, article_id=part.article_id, quantity=part.quantity, position=part.position)
        for part in AssemblyPart.objects.filter(assembly=source.pk)
    )

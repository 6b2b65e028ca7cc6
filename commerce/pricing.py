"""What articles cost and are sold for today, assemblies from their parts; and what a client's list makes of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from commerce.domain.prices import Offer, offer
from commerce.domain.totals import Margin
from commerce.models import Article, ArticlePrice
from commerce.models.assemblies import tree_of
from extrabat.lib.money import cents
from settings_app.models import PriceList


@dataclass(frozen=True)
class Figures:
    """Cost and price without VAT to 6 decimals; `vat_percent` is today's, None where the rate has no period."""

    cost: Decimal
    price: Decimal
    vat_percent: Decimal | None

    @property
    def margin(self) -> Margin:
        return Margin(net=cents(self.price), cost=cents(self.cost))

    @property
    def gross(self) -> Decimal | None:
        if self.vat_percent is None:
            return None
        return cents(self.price) + cents(cents(self.price) * self.vat_percent / 100)


def prices_of(articles: Iterable[Article]) -> dict[int, Decimal]:
    """The price without VAT alone, by key. One query when there are assemblies among them, else none."""
    rows = list(articles)
    assemblies = [article.pk for article in rows if article.is_assembly]
    tree = tree_of(assemblies) if assemblies else None
    return {row.pk: tree.value(row.pk).price if tree and row.is_assembly else row.sale_price for row in rows}


def figures_of(articles: Iterable[Article], *, on: date) -> dict[int, Figures]:
    """By key. One query for all the assemblies among them; `articles` come `with_vat()`."""
    rows = list(articles)
    assemblies = [article.pk for article in rows if article.is_assembly]
    tree = tree_of(assemblies) if assemblies else None
    found = {}
    for article in rows:
        cost, price = article.purchase_price, article.sale_price
        if tree and article.is_assembly:
            value = tree.value(article.pk)
            cost, price = value.cost, value.price
        found[article.pk] = Figures(cost, price, article.vat_percent_on(on))
    return found


def offers_for(
    articles: Iterable[Article], price_list: PriceList | None, *, on: date, client_percent: Decimal = Decimal(0)
) -> dict[int, Offer]:
    """The price of a new line for a client who has `price_list`, by article (CLI-24). Two queries at most."""
    rows = list(articles)
    figures = figures_of(rows, on=on)
    listed: dict[int, Decimal] = {}
    if price_list:
        prices = ArticlePrice.objects.filter(price_list=price_list, article__in=[row.pk for row in rows])
        listed = dict(prices.values_list("article", "price"))
    return {
        row.pk: offer(
            figures[row.pk].price,
            list_price=listed.get(row.pk),
            list_percent=price_list.percent if price_list else Decimal(0),
            client_percent=client_percent,
        )
        for row in rows
    }

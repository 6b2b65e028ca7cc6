"""Nomenclatures: what an assembly is made of, and the whole tree beneath it in one query."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, models
from django.db.models import F, Q

from commerce.domain.assemblies import Part, Priced, Value, value_of
from commerce.models.articles import Article


class Assembly(models.Model):
    """The side of an article that is a nomenclature. `is_open_on_print`: its parts are printed under it."""

    article = models.OneToOneField(Article, models.CASCADE, primary_key=True, related_name="assembly")
    has_fixed_price = models.BooleanField("prix fixe", default=False)
    is_open_on_print = models.BooleanField("détaillée à l’impression", default=False)

    class Meta:
        verbose_name = "nomenclature"
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.article_id)


class AssemblyPart(models.Model):
    """So much of an article in an assembly; triggers refuse circles and too many floors."""

    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="parts", verbose_name="nomenclature")
    article = models.ForeignKey(Article, models.PROTECT, related_name="used_in", verbose_name="article")
    quantity = models.DecimalField("quantité", max_digits=12, decimal_places=4)
    position = models.PositiveSmallIntegerField("ordre", default=0)

    class Meta:
        verbose_name = "composant de nomenclature"
        default_permissions = ()
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["assembly", "article"], name="assembly_part_once"),
            models.CheckConstraint(
                name="assembly_part_quantity",
                condition=Q(quantity__gt=0),
                violation_error_message="Une quantité est plus grande que zéro.",
            ),
            models.CheckConstraint(
                name="assembly_part_not_itself",
                condition=~Q(article_id=F("assembly_id")),
                violation_error_message="Une nomenclature ne se contient pas elle-même.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.article_id}"


# Each pair of assembly and part once, however many ways lead to it; UNION ends even where a circle got in.
_TREE: Final = """
WITH RECURSIVE tree AS (
    SELECT p.assembly_id, p.article_id, p.quantity FROM commerce_assemblypart p WHERE p.assembly_id = ANY (%s)
    UNION
    SELECT p.assembly_id, p.article_id, p.quantity
      FROM tree t JOIN commerce_assemblypart p ON p.assembly_id = t.article_id
)
SELECT t.assembly_id, a.id, t.quantity, a.purchase_price, a.sale_price,
       a.kind = 'assembly' AND NOT coalesce(s.has_fixed_price, false)
  FROM (SELECT NULL::bigint AS assembly_id, unnest(%s::bigint[]) AS article_id, NULL::numeric AS quantity
         UNION ALL SELECT * FROM tree) t
  JOIN commerce_article a ON a.id = t.article_id
  LEFT JOIN commerce_assembly s ON s.article_id = a.id
"""


@dataclass(frozen=True)
class Tree:
    """Everything beneath some articles, themselves included."""

    parts: tuple[Part, ...]
    articles: dict[int, Priced]

    def value(self, article: int) -> Value:
        """Raises CircleError, which the triggers have made impossible."""
        return value_of(article, self.parts, self.articles)


def tree_of(articles: Sequence[int]) -> Tree:
    """What costs and prices of `articles` follow from, in one query whatever their depth."""
    keys = list(articles)
    with connection.cursor() as cursor:
        cursor.execute(_TREE, [keys, keys])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return Tree(
        parts=tuple(Part(row[0], row[1], row[2]) for row in rows if row[0] is not None),
        articles={row[1]: Priced(cost=row[3], price=row[4], from_parts=row[5]) for row in rows},
    )

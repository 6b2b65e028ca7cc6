"""Forms of the room."""

from commerce.forms.articles import ArticleForm, PartForm, PricesForm, article_form
from commerce.forms.vat import PeriodForm

__all__ = ["ArticleForm", "PartForm", "PeriodForm", "PricesForm", "article_form"]

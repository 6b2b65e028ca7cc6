"""Tags for forms and counted words, built into every template."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from django import template
from django.forms import BaseForm
from django.utils.safestring import SafeString

from extrabat.lib.forms.base import HouseForm
from extrabat.lib.french import plural

register = template.Library()


@dataclass(frozen=True)
class Problem:
    """One line of the summary above a form; `id` is the field to go to, empty for the form as a whole."""

    label: str
    message: str
    id: str


@register.simple_tag(takes_context=True)
def form_fields(context: template.Context, form: HouseForm, *sections: str) -> SafeString:
    """The fields of a form as its helper lays them out; with `sections` (their ids), only those.

    Hidden fields come with the first section, so that a page may spread a form over two columns.
    """
    parts = list(form.helper.layout)
    chosen = [part for part in parts if not sections or getattr(part, "css_id", "") in sections]
    hidden = [str(field) for field in form.hidden_fields()] if not sections or parts[0] in chosen else []
    return SafeString("".join([*hidden, *(part.render(form, context) for part in chosen)]))


@register.simple_tag
def form_problems(*forms: BaseForm | Sequence[BaseForm]) -> list[Problem]:
    """What is wrong in forms that were sent, in the order of their fields; a list of forms counts as its forms."""
    problems = []
    for form in chain.from_iterable([part] if isinstance(part, BaseForm) else part for part in forms):
        if not form.is_bound:
            continue
        for message in form.non_field_errors():
            problems.append(Problem("", str(message), ""))
        for field in form:
            problems += [Problem(str(field.label), str(message), field.id_for_label) for message in field.errors]
    return problems


@register.filter
def counted(count: int, singular: str) -> str:
    """« 1 client », « 2 clients » ; « 2 chevaux » with counted:"cheval,chevaux"."""
    one, _, many = singular.partition(",")
    return plural(count, one, many or None)

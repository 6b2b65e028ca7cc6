"""Widgets and fields are rendered by Jinja2: four times less time than Django's own templates on 40 fields.

Beside it stand Django's templates of the usual controls, each in one piece: an include of theirs is a context more,
two for a field and two for each option.
"""

from functools import cached_property
from pathlib import Path
from typing import Any, Final

import django.forms
from django.forms.renderers import Jinja2
from django.template.backends.jinja2 import Jinja2 as Jinja2Backend
from django.utils.functional import SimpleLazyObject

DJANGO_FORMS = Path(django.forms.__file__).parent
_WIDGETS: Final = "django/forms/widgets"
_INPUT: Final = f"{_WIDGETS}/input.html"
# Django's templates of these say nothing but « as input.html », a context and a call for each field of a form.
_INPUTS: Final = frozenset(
    f"{_WIDGETS}/{kind}.html"
    for kind in ("checkbox", "date", "email", "hidden", "number", "password", "tel", "text", "time", "url")
)


class HouseRenderer(Jinja2):
    """Django's Jinja2 renderer, looking first among the house's own form templates."""

    @cached_property
    def engine(self) -> Any:
        return self.backend(
            {
                "APP_DIRS": False,
                "DIRS": [Path(__file__).parent / "jinja2", DJANGO_FORMS / "jinja2"],
                "NAME": "house_forms",
                "OPTIONS": {"trim_blocks": True, "lstrip_blocks": True},
            }
        )

    def get_template(self, template_name: str) -> Any:
        return self.engine.get_template(_INPUT if template_name in _INPUTS else template_name)


_backend: Any = SimpleLazyObject(lambda: HouseRenderer().engine)


def render(template: str, **context: Any) -> str:
    """A form part outside a form's own renderer (layout objects)."""
    found: Jinja2Backend = _backend
    return str(found.get_template(template).render(context))

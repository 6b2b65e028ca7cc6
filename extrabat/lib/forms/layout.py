"""Crispy layout objects: what stands where in a form. Fields render through the house's one field template."""

from dataclasses import dataclass
from typing import Any

from crispy_forms.layout import LayoutObject
from django import forms
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify

from extrabat.lib.forms.renderer import render

CHECKBOXES = (forms.CheckboxInput,)


@dataclass(frozen=True)
class Help:
    """A button under a field that fills it in: sends `name`=`value`, or, without a name, works by script (`hook`)."""

    label: str
    name: str = ""
    value: str = ""
    hook: str = ""


class Cell(LayoutObject):
    """One field, `width` columns wide ("c3" of twelve). Its width tells the length of what is expected."""

    def __init__(self, name: str, width: str = "c6", help_: Help | None = None) -> None:
        self.name = name
        self.width = width
        self.help = help_
        self.fields = [name]

    def render(self, form: Any, context: Any, **_kwargs: Any) -> SafeString:  # crispy's signature
        if self.name not in form.fields:
            return mark_safe("")
        field = form[self.name]
        theirs = getattr(form, "theirs", {}).get(self.name)
        return mark_safe(  # the template escapes
            render(
                "house/field.html",
                width=self.width,
                id=field.id_for_label,
                label=field.label,
                hint=field.help_text,
                required=field.field.required or self.name in getattr(form, "marked_required", ()),
                errors=list(field.errors),
                is_checkbox=isinstance(field.field.widget, CHECKBOXES),
                is_group=field.field.widget.use_fieldset,
                help=self.help,
                urssaf=self.name in getattr(form, "urssaf_marks", ()),
                missing=self.name in getattr(form, "missing", ()),
                control=field.as_widget(),
                theirs=theirs.shown if theirs else None,
                theirs_raw=theirs.raw if theirs else "",
            )
        )


class Section(LayoutObject):
    """A card of the form with its heading; the index at the left links to its id. Empty, it does not show."""

    def __init__(self, title: str, *cells: Cell, css_id: str = "") -> None:
        self.title = title
        self.css_id = css_id or f"s-{slugify(title)}"
        self.fields = list(cells)

    def render(self, form: Any, context: Any, **kwargs: Any) -> SafeString:
        inside = "".join(cell.render(form, context, **kwargs) for cell in self.fields)
        if not inside:
            return mark_safe("")
        return mark_safe(render("house/section.html", id=self.css_id, title=self.title, fields=mark_safe(inside)))


class Group(LayoutObject):
    """Fields that a page puts where it wants by their `css_id`, without a card around them."""

    def __init__(self, css_id: str, *cells: Cell) -> None:
        self.css_id = css_id
        self.fields = list(cells)

    def render(self, form: Any, context: Any, **kwargs: Any) -> SafeString:
        return mark_safe("".join(cell.render(form, context, **kwargs) for cell in self.fields))

"""The form of a role: its name, and whose rights it begins with."""

from typing import Any

from django import forms
from django.contrib.auth.models import Group

from extrabat.lib.forms.base import HouseForm
from extrabat.lib.forms.layout import Cell, Section
from settings_app.users.roles.actions import TAKEN


class RoleForm(HouseForm):
    name = forms.CharField(label="Nom du rôle", max_length=40)
    like = forms.ModelChoiceField(
        Group.objects.none(),
        label="Avec les droits de",
        required=False,
        empty_label="Aucun droit",
        help_text="Un point de départ\u00a0: vous les changez ensuite dans le tableau.",
    )

    def __init__(self, *args: Any, role: Group | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role = role
        cells = [Cell("name", "c6")]
        if role:
            del self.fields["like"]
        else:
            self.fields["like"].queryset = Group.objects.order_by("pk")  # type: ignore[attr-defined]
            cells.append(Cell("like", "c6"))
        self.fields["name"].widget.attrs |= {"autocomplete": "off", "autofocus": True}
        self.lay_out(Section("Rôle", *cells))

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        others = Group.objects.filter(name__iexact=name)
        if self.role:
            others = others.exclude(pk=self.role.pk)
        if others.exists():
            raise forms.ValidationError(TAKEN)
        return name

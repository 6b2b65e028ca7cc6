"""Forms of the porte-doc: what a file is said to be, and a folder's name."""

from typing import Any

from django import forms

from clients.actions.folders import Shelf
from clients.models import FileTag, StoredFile
from extrabat.lib.forms.base import HouseForm
from extrabat.lib.forms.layout import Cell, Section
from extrabat.lib.forms.versioned import VersionedForm

NO_FOLDER = ("", "Sans dossier")


def folder_choices(shelves: list[Shelf]) -> list[tuple[str, str]]:
    return [NO_FOLDER, *((s.key, f"\u2003{s.name}" if s.is_inner else s.name) for s in shelves)]


class FileForm(VersionedForm):
    # Not `folder`: it says "photos" for a folder whose row may not exist yet.
    place = forms.ChoiceField(label="Dossier", required=False)
    tags = forms.ModelMultipleChoiceField(
        FileTag.objects.all(), label="Étiquettes", required=False, widget=forms.CheckboxSelectMultiple
    )
    new_tags = forms.CharField(
        label="Nouvelles étiquettes", required=False, max_length=200, help_text="Séparées par des virgules."
    )

    class Meta:
        model = StoredFile
        fields = ["name", "description", "tags", "is_visible_to_client", "is_restricted", "on_home"]
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, shelves: list[Shelf], may_restrict: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = folder_choices(shelves)  # type: ignore[attr-defined]  # a ChoiceField
        folder = self.instance.folder
        self.initial["place"] = folder.key if folder else ""
        self.fields["name"].help_text = "L’extension reste\u00a0: elle dit ce qu’est le fichier."
        self.fields["is_restricted"].help_text = "Seuls ceux qui voient les clients restreints le voient."
        if not may_restrict:
            del self.fields["is_restricted"]
        if not FileTag.objects.exists():
            del self.fields["tags"]
        self.remember()
        self.lay_out(
            Section("Fichier", Cell("name", "c8"), Cell("place", "c4"), Cell("description", "c12")),
            Section("Étiquettes", Cell("tags", "c12"), Cell("new_tags", "c8"), css_id="s-etiquettes"),
            Section(
                "Qui le voit",
                Cell("is_visible_to_client", "c12"),
                Cell("is_restricted", "c12"),
                Cell("on_home", "c12"),
                css_id="s-vue",
            ),
        )

    def clean_new_tags(self) -> list[str]:
        typed = [" ".join(word.split()) for word in self.cleaned_data["new_tags"].split(",")]
        labels = [label for label in typed if label]
        if any(len(label) > 40 for label in labels):
            raise forms.ValidationError("Une étiquette a 40 caractères au plus.")
        return labels

    def new_labels(self) -> list[str]:
        labels: list[str] = self.cleaned_data.get("new_tags", [])
        return labels


class FolderForm(HouseForm):
    name = forms.CharField(label="Nom du dossier", max_length=80)
    within = forms.ChoiceField(label="Dans", required=False)

    def __init__(self, *args: Any, shelves: list[Shelf], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outer = [(shelf.key, shelf.name) for shelf in shelves if not shelf.is_inner]
        self.fields["within"].choices = [("", "Le porte-doc"), *outer]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["name"].widget.attrs["autofocus"] = True
        self.lay_out(Section("Dossier", Cell("name", "c8"), Cell("within", "c4")))


class RenameForm(HouseForm):
    name = forms.CharField(label="Nom du dossier", max_length=80)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lay_out(Section("Dossier", Cell("name", "c8")))

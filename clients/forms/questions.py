"""Questions complémentaires: the form that defines one, and the field that asks it (CLI-28)."""

from typing import Any

from django import forms

from clients.actions.questions import LISTS, TWO_OPTIONS
from clients.models import CustomQuestion
from extrabat.lib.forms.fields import AmountField, FrenchDateField
from extrabat.lib.forms.layout import Cell, Section
from extrabat.lib.forms.versioned import VersionedForm

LONGEST_OPTION = 80


class LinesField(forms.CharField):
    """A list of texts, one per line; empty lines do not count."""

    widget = forms.Textarea(attrs={"rows": 6})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]  # a list of lines instead of one text
        lines = [" ".join(line.split()) for line in str(super().to_python(value)).splitlines()]
        return [line for line in lines if line]


class QuestionForm(VersionedForm):
    options = LinesField(label="Options", required=False, help_text="Une par ligne, dans l’ordre où elles se lisent.")

    class Meta:
        model = CustomQuestion
        fields = ["label", "type", "options", "is_required", "on_home", "for_professionals", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["is_active"].help_text = "Une question désactivée n’est plus posée\u00a0; ses réponses restent."
        self.fields["is_required"].help_text = "Sans réponse, la fiche du client ne s’enregistre pas."
        if self.instance.pk is None:
            self.fields["label"].widget.attrs["autofocus"] = True
        self.lay_out(
            Section(
                "Question",
                Cell("label", "c8"),
                Cell("type", "c4"),
                # The class shows the field only where the type has options: lists.css.
                Cell("options", "c8 for-lists"),
            ),
            Section(
                "Où et quand",
                Cell("is_required", "c12"),
                Cell("on_home", "c12"),
                Cell("for_professionals", "c12"),
                Cell("is_active", "c12"),
            ),
        )

    def clean_options(self) -> list[str]:
        options: list[str] = self.cleaned_data["options"]
        known: dict[str, str] = {}
        for option in options:
            if len(option) > LONGEST_OPTION:
                raise forms.ValidationError(f"«\u00a0{option[:30]}…\u00a0» dépasse {LONGEST_OPTION} caractères.")
            twin = known.setdefault(option.casefold(), option)
            if twin is not option:
                raise forms.ValidationError(f"L’option «\u00a0{option}\u00a0» est écrite deux fois.")
        return options

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("type") not in LISTS:
            # What was typed for a list is forgotten with the list, its mistakes too.
            cleaned["options"] = []
            self.errors.pop("options", None)
        elif len(cleaned.get("options", ["", ""])) < 2:
            self.add_error("options", TWO_OPTIONS)
        return cleaned


def question_field(question: CustomQuestion) -> forms.Field:
    """The field that asks a company's own question of a client."""
    common: dict[str, Any] = {"label": question.label, "required": question.is_required}
    options = [(option, option) for option in question.options]
    match question.type:
        case CustomQuestion.Type.NUMBER:
            return AmountField(**common)
        case CustomQuestion.Type.DATE:
            return FrenchDateField(**common)
        case CustomQuestion.Type.YES_NO:
            return forms.BooleanField(label=question.label, required=False)
        case CustomQuestion.Type.CHOICE:
            return forms.ChoiceField(choices=[("", "Choisir"), *options], **common)
        case CustomQuestion.Type.CHOICES:
            return forms.MultipleChoiceField(choices=options, **common)
    return forms.CharField(max_length=500, **common)


def question_width(question: CustomQuestion) -> str:
    return "c6" if question.type in (CustomQuestion.Type.TEXT, CustomQuestion.Type.CHOICES) else "c4"

"""What can be done to the questions complémentaires; answers that were given are never lost or misread."""

from collections.abc import Mapping
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, Q

from clients.models import Answer, CustomQuestion
from extrabat.lib.french import plural
from extrabat.lib.refusals import Refused
from extrabat.lib.versions import apply_changes
from settings_app.reference.ordering import next_position
from settings_app.submissions import earlier_result, record_result
from settings_app.users.models import User

LISTS: Final = frozenset({CustomQuestion.Type.CHOICE, CustomQuestion.Type.CHOICES})
TWO_OPTIONS: Final = "Donnez au moins deux options, une par ligne."
GONE: Final = "Cette question n’existe plus\u00a0: une autre personne vient de la supprimer."


@transaction.atomic
def create_question(*, by: User, values: Mapping[str, Any], token: str) -> int:
    """Add a question at the end of the list and give its key; the same form sent twice adds one."""
    earlier = earlier_result(token, by=by)
    if earlier:
        return int(earlier)
    question = CustomQuestion(**values, position=next_position(CustomQuestion))
    _settle_options(question)
    question.save()
    record_result(token, str(question.pk))
    return question.pk


@transaction.atomic
def update_question(key: int, *, changes: Mapping[str, Any], seen: Mapping[str, Any]) -> None:
    """Write what was changed. Raises `Conflict`, with nothing written, over somebody else's newer values."""
    question = _locked(key)
    before = (question.type, list(question.options))
    names = apply_changes(question, changes, seen)
    if "type" in names:
        answers = question.answers.count()
        if answers:
            raise Refused(f"{_answered(answers)}\u00a0: son type ne change plus. Créez une autre question.")
    _settle_options(question)
    if question.type == before[0]:
        _refuse_lost_options(question, [option for option in before[1] if option not in question.options])
    if names:
        question.save(update_fields={*names, "options"})


def delete_question(key: int) -> None:
    """Delete a question that nobody answered."""
    try:
        with transaction.atomic():
            question = _locked(key)
            answers = question.answers.count()
            if answers:
                raise Refused(answered(answers))
            question.delete()
    except (ProtectedError, IntegrityError) as error:
        # Foreign keys are checked at the end of the transaction: an answer that came meanwhile is told only now.
        raise Refused("Un client vient de répondre à cette question. Désactivez-la plutôt.") from error


def answered(answers: int) -> str:
    return f"{_answered(answers)}. Désactivez-la plutôt\u00a0: elle ne sera plus posée, et les réponses resteront."


def _answered(answers: int) -> str:
    return f"Cette question a {plural(answers, 'réponse')}"


def _locked(key: int) -> CustomQuestion:
    question = CustomQuestion.objects.select_for_update().filter(pk=key).first()
    if question is None:
        raise Refused(GONE)
    return question


def _settle_options(question: CustomQuestion) -> None:
    """Only lists have options, and they have two at least, whatever the door."""
    if question.type not in LISTS:
        question.options = []
    elif len(question.options) < 2:
        raise Refused(TWO_OPTIONS)


def _refuse_lost_options(question: CustomQuestion, lost: list[str]) -> None:
    for option in lost:
        held = Q(value=option) | Q(value__contains=[option])
        answers = Answer.objects.filter(held, question=question).count()
        if answers:
            times = plural(answers, "client l’a choisie", "clients l’ont choisie")
            raise Refused(f"L’option «\u00a0{option}\u00a0» ne peut pas être retirée ni renommée\u00a0: {times}.")

"""The room's records in the journal, and all that the trail says of one client."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from django.db.models import Model, Q, QuerySet
from django.urls import reverse

from clients.history import hidden_kinds
from clients.models import (
    Address,
    Answer,
    BulkChange,
    Client,
    Consent,
    Contact,
    CustomQuestion,
    Equipment,
    FileTag,
    Folder,
    FollowUp,
    HistoryEntry,
    Installation,
    Merge,
    SavedFilter,
    StoredFile,
)
from extrabat.lib.registry import Registry
from settings_app.audit.models import AuditEntry
from settings_app.journal.subjects import Subject, reads_all, subjects
from settings_app.users.models import User

EVERY_CLIENT: Final = ("see_all_clients", "see_restricted_clients")
EVERY_FILE: Final = (*EVERY_CLIENT, "see_prices")
# What stays of a deleted record when the values are erased: whose it was.
KEPT: Final = ("client_id", "installation_id")


def _clients(user: User) -> QuerySet[Client]:
    return Client.objects.visible_to(user).in_lists()


def _of_clients(model: type[Model]) -> Callable[[User], QuerySet[Any]]:
    return lambda user: model._default_manager.filter(client__in=Client.objects.visible_to(user).values("pk"))


def _tab(name: str) -> Callable[[Any], str]:
    return lambda row: reverse(name, args=[row.client_id])


def _equipment(user: User) -> QuerySet[Equipment]:
    return Equipment.objects.filter(installation__client__in=Client.objects.visible_to(user).values("pk"))


def _answers(user: User) -> QuerySet[Answer]:
    return _of_clients(Answer)(user).select_related("question")


def _merges(user: User) -> QuerySet[Merge]:
    sealed = [f"{side}__{name}" for side in ("kept", "absorbed") for name in ("iban", "bic", "account_holder")]
    return Merge.objects.visible_to(user).select_related("kept", "absorbed").defer(*sealed)


def _part(model: type[Model], tab: str, **more: Any) -> Subject:
    """What belongs to one client."""
    return Subject(model, more.pop("rows", _of_clients(model)), _tab(tab), EVERY_CLIENT, "client", **more)


def _history(user: User) -> QuerySet[HistoryEntry]:
    """Some kinds ask for a right of their own: what a quote was about is not for who sees no prices."""
    return _of_clients(HistoryEntry)(user).exclude(kind__in=hidden_kinds(user))


def _consent(row: Consent) -> str:
    return f"{row.get_channel_display()}, {row.get_state_display().lower()}"


PARTS: Final = (
    _part(Address, "clients:home"),
    _part(Contact, "clients:home"),
    _part(Answer, "clients:home", rows=_answers, name=lambda row: row.question.label, is_plain=False),
    _part(Consent, "clients:consents", name=_consent),
    _part(FollowUp, "clients:home"),
    _part(Installation, "clients:installations"),
    _part(Folder, "clients:files"),
)
# What rooms above keep of a client, their key to him named "client": told in his journal, each as far as its reader may
# see it. Not erased with him: quotes and invoices are kept as long as the law says, and so is who changed them.
kept_above: Registry[Subject] = Registry(key=lambda subject: subject.kind)
HISTORY: Final = Subject(
    HistoryEntry, _history, _tab("clients:history"), EVERY_FILE, "client", name=lambda row: row.text[:60]
)
FILES: Final = Subject(StoredFile, StoredFile.objects.visible_to, _tab("clients:files"), EVERY_FILE, "client")


def register() -> None:
    subjects.add(Subject(Client, _clients, lambda row: row.get_absolute_url(), EVERY_CLIENT))
    for subject in (*PARTS, HISTORY, FILES):
        subjects.add(subject)
    subjects.add(
        Subject(
            Equipment,
            _equipment,
            lambda row: reverse("settings_app:audit_record", args=["clients.installation", row.installation_id]),
            EVERY_CLIENT,
            "installation",
        )
    )
    subjects.add(
        Subject(
            Merge,
            _merges,
            lambda row: reverse("clients:merge_home", args=[row.pk]),
            EVERY_CLIENT,
            is_plain=False,
        )
    )
    subjects.add(
        Subject(
            BulkChange,
            BulkChange.objects.visible_to,
            lambda row: reverse("clients:bulk_change", args=[row.pk]),
            EVERY_CLIENT,
        )
    )
    subjects.add(Subject(SavedFilter, SavedFilter.objects.visible_to, _saved_filters))
    subjects.add(Subject(FileTag, lambda _user: FileTag.objects.all(), _tagged))
    subjects.add(
        Subject(
            CustomQuestion,
            lambda _user: CustomQuestion.objects.all(),
            lambda row: reverse("client_questions:question_edit", args=[row.pk]),
        )
    )


def _saved_filters(_row: Any) -> str:
    return reverse("clients:saved_filters")


def _tagged(row: FileTag) -> str:
    return f"{reverse('documents')}?tag={row.pk}"


def told_of(client: Client, user: User) -> list[tuple[str, str]]:
    """(model, key) of all that his journal tells to this person: what is his, was his, and what rooms above keep."""
    above = [*_rows_of(client, user, kept_above), *_gone_of(client, [one.kind for one in _whole(user, kept_above)])]
    return [*records_of(client, user), *deleted_of(client, user), *above]


def _rows_of(client: Client, user: User, parts: Iterable[Subject]) -> list[tuple[str, str]]:
    found = []
    for subject in parts:
        keys = subject.rows(user).filter(client=client).order_by().values_list("pk", flat=True)
        found += [(subject.kind, str(key)) for key in keys]
    return found


def _whole(user: User, parts: Iterable[Subject]) -> list[Subject]:
    return [subject for subject in parts if reads_all(user, subject)]


def _gone_of(client: Client, kinds: Sequence[str]) -> list[tuple[str, str]]:
    gone = AuditEntry.objects.filter(verb=AuditEntry.Verb.DELETE)
    return _records(gone.filter(before__client_id=client.pk, model__in=kinds))


def records_of(client: Client, user: User) -> list[tuple[str, str]]:
    """(model, key) of the client and of all that is his now, as far as the user may see it."""
    found = [("clients.client", str(client.pk)), *_rows_of(client, user, (*PARTS, HISTORY, FILES))]
    pieces = Equipment.objects.filter(installation__client=client).order_by().values_list("pk", flat=True)
    found += [("clients.equipment", str(key)) for key in pieces]
    merges = Merge.objects.visible_to(user).filter(Q(kept=client) | Q(absorbed=client)).order_by()
    return [*found, *(("clients.merge", str(key)) for key in merges.values_list("pk", flat=True))]


def deleted_of(client: Client, user: User) -> list[tuple[str, str]]:
    """(model, key) of what was his when it was deleted: the line of its deletion says so."""
    kinds = [subject.kind for subject in _whole(user, (*PARTS, HISTORY, FILES))]
    found = _gone_of(client, kinds)
    works = [int(key) for kind, key in [*found, *records_of(client, user)] if kind == "clients.installation"]
    if works and "clients.installation" in kinds:
        gone = AuditEntry.objects.filter(verb=AuditEntry.Verb.DELETE, model="clients.equipment")
        found += _records(gone.filter(before__installation_id__in=works))
    return found


def _records(rows: QuerySet[AuditEntry]) -> list[tuple[str, str]]:
    return list(rows.order_by().values_list("model", "object_key").distinct())


def lines_of(records: Sequence[tuple[str, str]]) -> QuerySet[AuditEntry]:
    """The lines about `records`."""
    keys: dict[str, list[str]] = {}
    for model, key in records:
        keys.setdefault(model, []).append(key)
    condition = Q(pk__in=[])
    for model, several in keys.items():
        condition |= Q(model=model, object_key__in=several)
    return AuditEntry.objects.filter(condition).select_related("actor")

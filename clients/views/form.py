"""The client's form: creating, editing, and turning it from one face to another without losing a letter."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from clients import preferences
from clients.actions.clients import CHANNELS, ClientEdit, Edit, RowEdit, create_client, update_client
from clients.actions.consents import current
from clients.forms import AddressForm, ClientForm, ContactForm, SheetForm, row_count
from clients.models import Client, CustomQuestion, Kind
from clients.sheets import ADVANCED, LEFT, LINES, RIGHT, SIMPLE, WORD_KINDS, Sheet, read_sheet
from extrabat.lib.forms.versioned import SEEN
from extrabat.lib.refusals import Refused
from extrabat.lib.versions import Conflict
from settings_app.reference.models import Civility, Status
from settings_app.submissions import token_of
from settings_app.users.access import needs, signed_in
from settings_app.users.models import User

# What is pressed to see another face of the form; none of them writes anything.
TURNS = ("type", "mode", "turn", "add")


@dataclass
class Parts:
    """The form with its rows, either as sent (bound) or as it is to be shown."""

    client: ClientForm
    addresses: list[AddressForm] = field(default_factory=list)
    contacts: list[ContactForm] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)

    @property
    def living(self) -> list[AddressForm | ContactForm]:
        """The rows that count: neither removed nor left blank."""
        rows: list[AddressForm | ContactForm] = [*self.addresses, *self.contacts]
        return [row for row in rows if self.lives(row)]

    def lives(self, row: AddressForm | ContactForm) -> bool:
        return row.prefix not in self.gone and row.says_something

    def all(self) -> list[SheetForm]:
        return [self.client, *self.addresses, *self.contacts]


@require_http_methods(["GET", "POST"])
@needs("change_clients")
def create(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    sheet = _sheet(request, user, None)
    if request.method == "GET":
        return _show(request, _fresh(user, sheet, None), sheet, None)
    parts = _sent(request.POST, user, sheet, None)
    if _turns(request, sheet, parts):
        return _turn(request, parts, sheet, None)
    if not _valid(parts):
        return _show(request, parts, _revealing(sheet, parts), None, status=422)
    try:
        key = create_client(by=user, edit=_edit(parts, new=True), token=token_of(request.POST.get("token")))
    except Refused as refused:
        return _show_refusal(request, parts, sheet, None, refused)
    messages.success(request, "Client créé.")
    return redirect("clients:home", pk=key)


@require_http_methods(["GET", "POST"])
@needs("change_clients")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    client = get_object_or_404(Client.objects.visible_to(user).select_related("civility"), pk=pk)
    sheet = _sheet(request, user, client)
    if request.method == "GET":
        return _show(request, _fresh(user, sheet, client), sheet, client)
    parts = _sent(request.POST, user, sheet, client)
    if _turns(request, sheet, parts):
        return _turn(request, parts, sheet, client)
    if not _valid(parts):
        return _show(request, parts, _revealing(sheet, parts), client, status=422)
    try:
        update_client(pk, by=user, edit=_edit(parts, new=False))
    except Conflict as conflict:
        for part in parts.all():
            part.show_conflict(
                {
                    name: conflict.current[part.add_prefix(name)]
                    for name in part.fields
                    if part.add_prefix(name) in conflict.current
                }
            )
        return _show(request, parts, sheet, client, status=409, conflict=True)
    except Refused as refused:
        return _show_refusal(request, parts, sheet, client, refused)
    messages.success(request, "Client enregistré.")
    return redirect("clients:home", pk=pk)


# ---- which face ---------------------------------------------------------------------------------------------


def _sheet(request: HttpRequest, user: User, client: Client | None) -> Sheet:
    """What was pressed beats what was shown, which beats the address, the client and the preference (CLI-02, 03)."""
    post, get = request.POST, request.GET
    shown = read_sheet(post.get("sheet", ""))
    kind = WORD_KINDS.get(post.get("type", ""))
    if kind is None and "civility" in post and shown:
        kind = _kind_of_civility(post["civility"])
    if kind is None:
        kind = shown.kind if shown else WORD_KINDS.get(get.get("type", ""))
    if kind is None:
        kind = Kind(client.kind) if client else WORD_KINDS[preferences.kind.of(user)]
    modes = (post.get("mode"), shown.mode if shown else None, get.get("mode"), preferences.mode.of(user))
    mode = next(mode for mode in modes if mode in (SIMPLE, ADVANCED))
    if request.method == "POST":
        is_urssaf, is_referred = (post.get(name) in ("on", "True") for name in ("is_urssaf", "is_referred"))
    else:
        is_urssaf, is_referred = (client.is_urssaf, client.is_referred) if client else (False, False)
    if is_urssaf and shown and not shown.is_urssaf:
        mode = ADVANCED
    return Sheet(kind, mode, is_urssaf, is_referred).settled()  # type: ignore[arg-type]  # checked above


def _kind_of_civility(key: str) -> Kind | None:
    row = Civility.objects.filter(pk=key).first() if key.isdecimal() else None
    if row is None:
        return None
    return Kind.PROFESSIONAL if row.is_professional else Kind.INDIVIDUAL


def _turns(request: HttpRequest, sheet: Sheet, parts: Parts) -> bool:
    """Was a switch pressed, or does what was chosen show fields that nobody has seen yet?"""
    if any(name in request.POST for name in TURNS):
        return True
    shown = read_sheet(request.POST.get("sheet", ""))
    return (
        shown is None
        or shown.kind != sheet.kind
        or (sheet.is_urssaf and not shown.is_urssaf)
        or (sheet.is_referred and not shown.is_referred)
    )


def _revealing(sheet: Sheet, parts: Parts) -> Sheet:
    """The advanced face when something wrong stands in a field that the simple one hides."""
    hidden = set(parts.client.errors) - sheet.names(LINES)
    return replace(sheet, mode=ADVANCED) if hidden and not sheet.is_advanced else sheet


# ---- making the parts ---------------------------------------------------------------------------------------


def _questions() -> list[CustomQuestion]:
    return list(CustomQuestion.objects.filter(is_active=True))


def _answers(client: Client | None) -> dict[int, Any]:
    return dict(client.answers.values_list("question_id", "value")) if client else {}


def _fresh(user: User, sheet: Sheet, client: Client | None) -> Parts:
    shared: dict[str, Any] = {"sheet": sheet}
    initial: dict[str, Any] = {}
    if client:
        initial = {name: current(client)[channel] for name, channel in CHANNELS.items()}
    else:
        initial = {
            "status": preferences.status.of(user) or Status.objects.offered_to(user).first(),
            "origin": preferences.origin.of(user),
            "language": preferences.language.of(user) or _french(),
            "followed_by": preferences.followed_by.of(user) or user,
        }
    form = ClientForm(
        instance=client, user=user, questions=_questions(), answers=_answers(client), initial=initial, **shared
    )
    addresses = [
        AddressForm(instance=row, prefix=f"address-{n}", **shared)
        for n, row in enumerate(client.addresses.select_related("type") if client else [])
    ] or [AddressForm(prefix="address-0", initial={"country": preferences.country.of(user)}, **shared)]
    contacts = [
        ContactForm(instance=row, prefix=f"contact-{n}", **shared)
        for n, row in enumerate(client.contacts.all() if client else [])
    ]
    return Parts(form, addresses, contacts)


def _french() -> Any:
    from settings_app.reference.models import Language

    return Language.objects.filter(code="fr").first()


def _sent(data: QueryDict, user: User, sheet: Sheet, client: Client | None) -> Parts:
    form = ClientForm(
        data,
        instance=client,
        sheet=sheet,
        user=user,
        questions=_questions(),
        answers=_answers(client),
        initial={name: current(client)[channel] for name, channel in CHANNELS.items()} if client else {},
    )
    parts = Parts(form)
    addresses = {row.pk: row for row in client.addresses.all()} if client else {}
    contacts = {row.pk: row for row in client.contacts.all()} if client else {}
    for prefix in (f"address-{n}" for n in range(row_count(data, "address"))):
        parts.addresses.append(
            AddressForm(data, instance=addresses.get(_key(data, prefix)), prefix=prefix, sheet=sheet)
        )
    for prefix in (f"contact-{n}" for n in range(row_count(data, "contact"))):
        parts.contacts.append(ContactForm(data, instance=contacts.get(_key(data, prefix)), prefix=prefix, sheet=sheet))
    parts.gone = {str(row.prefix) for row in (*parts.addresses, *parts.contacts) if data.get(f"{row.prefix}-gone")}
    return parts


def _key(data: QueryDict, prefix: str) -> int:
    sent = data.get(f"{prefix}-pk", "")
    return int(sent) if sent.isdecimal() and len(sent) < 18 else 0


def _valid(parts: Parts) -> bool:
    # Every part is judged, so that all that is wrong is told at once.
    judged = [part.is_valid() for part in (parts.client, *parts.living)]
    return all(judged)


def _edit(parts: Parts, *, new: bool) -> ClientEdit:
    form = parts.client
    extras = {"note", *CHANNELS, *(f"question-{q.pk}" for q in form.questions)}
    if new:
        changes = {n: v for n, v in form.cleaned_data.items() if n != SEEN and n not in extras}
        added = {n: form.cleaned_data.get(n) for n in extras}
        client = Edit(changes)
    else:
        changed, seen = form.changes(), form.seen_values()
        client = Edit({n: v for n, v in changed.items() if n not in extras}, seen)
        added = {n: v for n, v in changed.items() if n in extras}
    return ClientEdit(
        client, [_row(parts, row) for row in parts.addresses], [_row(parts, row) for row in parts.contacts], added
    )


def _row(parts: Parts, row: AddressForm | ContactForm) -> RowEdit:
    key = row.instance.pk
    if not parts.lives(row):
        return RowEdit({}, {}, str(row.prefix), key, gone=key is not None)
    values = {name: value for name, value in row.cleaned_data.items() if name != SEEN}
    return RowEdit(row.changes(), row.seen_values(), str(row.prefix), key, values)


# ---- showing ------------------------------------------------------------------------------------------------


def _turn(request: HttpRequest, parts: Parts, sheet: Sheet, client: Client | None) -> HttpResponse:
    """The same typing on another face: unjudged, whole, nothing written."""
    user, data = signed_in(request), request.POST
    typed = parts.client.typed()
    if "type" in data and _kind_of_civility(str(typed.get("civility") or "")) != sheet.kind:
        typed["civility"] = ""
    form = ClientForm(
        instance=client,
        sheet=sheet,
        user=user,
        questions=_questions(),
        initial={**_carried(data), **typed},
        seen=data.get(SEEN, ""),
    )
    addresses = [_again(row, sheet) for row in parts.addresses if row.prefix not in parts.gone]
    contacts = [_again(row, sheet) for row in parts.contacts if row.prefix not in parts.gone]
    if data.get("add") == "address":
        addresses.append(AddressForm(prefix=f"address-{len(parts.addresses)}", sheet=sheet))
    if data.get("add") == "contact":
        contacts.append(ContactForm(prefix=f"contact-{len(parts.contacts)}", sheet=sheet))
    return _show(request, Parts(form, addresses, contacts), sheet, client)  # type: ignore[arg-type]  # the rows' own classes


def _again(row: AddressForm | ContactForm, sheet: Sheet) -> AddressForm | ContactForm:
    seen = row.data.get(row.add_prefix(SEEN), "")
    return type(row)(instance=row.instance, prefix=row.prefix, initial=row.typed(), sheet=sheet, seen=seen)


def _carried(data: QueryDict) -> dict[str, Any]:
    """What was typed for the other kind: it waits in hidden inputs and is not written (CLI-03)."""
    return {line.name: data[line.name] for line in LINES if line.name in data}


def _show(
    request: HttpRequest,
    parts: Parts,
    sheet: Sheet,
    client: Client | None,
    *,
    status: int = 200,
    conflict: bool = False,
) -> HttpResponse:
    if sheet != parts.client.sheet:
        return _turn_with_errors(request, parts, sheet, client, status)
    form = parts.client
    held = set(form.fields)
    others = {**{name: form.initial.get(name) for name in _names()}, **_carried(request.POST)}
    context = {
        "form": form,
        "parts": parts,
        "client": client,
        "sheet": sheet,
        "conflict": conflict,
        "token": token_of(request.POST.get("token")),
        "carried": [
            (name, value)
            for name, value in others.items()
            if name not in held and value not in (None, "") and (request.method == "POST")
        ],
        "left": _ids(LEFT),
        "right": _ids(RIGHT),
        "missing_count": len(form.missing) + sum(len(row.missing) for row in parts.addresses[:1]),
        "blank_address": AddressForm(prefix="address-__n__", sheet=sheet),
        "blank_contact": ContactForm(prefix="contact-__n__", sheet=sheet),
    }
    return render(request, "clients/client_form.html", context, status=status)


def _show_refusal(
    request: HttpRequest, parts: Parts, sheet: Sheet, client: Client | None, refused: Refused
) -> HttpResponse:
    """A rule said no: the reason above the form, and all that was typed below it."""
    parts.client.add_error(None, refused.reason)
    return _show(request, parts, sheet, client, status=409)


def _turn_with_errors(
    request: HttpRequest, parts: Parts, sheet: Sheet, client: Client | None, status: int
) -> HttpResponse:
    again = _sent(request.POST, signed_in(request), sheet, client)
    _valid(again)
    return _show(request, again, sheet, client, status=status)


def _names() -> Sequence[str]:
    return [line.name for line in LINES]


def _ids(titles: Sequence[str]) -> list[tuple[str, str]]:
    from django.utils.text import slugify

    return [(title, f"s-{slugify(title)}") for title in titles]

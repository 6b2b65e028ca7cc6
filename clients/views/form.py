"""The client's form: creating, editing, and turning it from one face to another without losing a letter."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from clients import preferences
from clients.actions.clients import create_client, update_client
from clients.actions.statuses import refuse_merged
from clients.duplicates import Match, likely
from clients.forms.client import ClientForm
from clients.forms.parts import Missing, Parts, carried, fresh, sent, turned
from clients.forms.rows import AddressForm, ContactForm
from clients.models import Client, Kind
from clients.places.countries import COUNTRIES
from clients.sheets import ADVANCED, IDENTIFICATION, LINES, QUESTIONS, SIMPLE, WORD_KINDS, Sheet, read_sheet
from extrabat.lib.identifiers import parse_siret, siren_of, vat_of
from extrabat.lib.refusals import Refused
from extrabat.lib.versions import Conflict
from settings_app.reference.models import Civility
from settings_app.submissions import token_of, was_recorded
from settings_app.users.access import needs, signed_in
from settings_app.users.models import User

# What is pressed to see another face of the form; none of them writes anything.
TURNS = ("type", "mode", "turn", "add", "propose")
SHORT = {IDENTIFICATION: "Identification", QUESTIONS: "Questions"}
CHANGED_MEANWHILE = (
    "Un réglage que cette fiche utilise vient de changer (civilité, statut, type d’adresse…)\u00a0: vérifiez les "
    "listes, puis validez de nouveau."
)


@require_http_methods(["GET", "POST"])
@needs("change_clients")
def create(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    sheet = _sheet(request, user, None)
    if request.method == "GET":
        return _show(request, fresh(user, sheet, None), sheet, None)
    parts = sent(request.POST, user, sheet, None)
    asks_first = _asks_first(request, parts, sheet, None)
    if asks_first:
        return asks_first
    try:
        key = create_client(by=user, edit=parts.edit(new=True), token=token_of(request.POST.get("token")))
    except (Refused, IntegrityError) as refused:
        return _show_refusal(request, parts, sheet, None, refused)
    _tell_saved(request, "Client créé.", parts)
    return redirect("clients:home", pk=key)


@require_http_methods(["GET", "POST"])
@needs("change_clients")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    client = get_object_or_404(Client.objects.visible_to(user).select_related("civility"), pk=pk)
    refuse_merged(client)
    sheet = _sheet(request, user, client)
    if request.method == "GET":
        return _show(request, fresh(user, sheet, client), sheet, client)
    parts = sent(request.POST, user, sheet, client)
    asks_first = _asks_first(request, parts, sheet, client)
    if asks_first:
        return asks_first
    try:
        update_client(pk, by=user, edit=parts.edit(new=False))
    except Conflict as conflict:
        return _show_conflict(request, parts, sheet, client, conflict)
    except (Refused, IntegrityError) as refused:
        return _show_refusal(request, parts, sheet, client, refused)
    _tell_saved(request, "Client enregistré.", parts)
    return redirect("clients:home", pk=pk)


def _asks_first(request: HttpRequest, parts: Parts, sheet: Sheet, client: Client | None) -> HttpResponse | None:
    """What keeps a form that was sent from being written: another face, a fault, a likely twin (asked once)."""
    if _turns(request, sheet):
        return _turn(request, parts, sheet, client)
    if not parts.is_valid():
        return _show(request, parts, _revealing(sheet, parts), client, status=422)
    matches = [] if request.POST.get("anyway") else _likely(signed_in(request), parts, client)
    # A form sent twice finds the client that it has just made; his token came with him, so it is looked at last.
    if not matches or was_recorded(token_of(request.POST.get("token")), by=signed_in(request)):
        return None
    return _show(request, parts, sheet, client, status=409, duplicates=matches)


@require_POST
@needs("change_clients")
def duplicates(request: HttpRequest) -> HttpResponse:
    """Who may already be there, while it is typed: a hint that stops nobody (CLI-31)."""
    user, known = signed_in(request), request.POST.get("known", "")
    key = int(known) if known.isdecimal() and len(known) < 18 else 0
    client = Client.objects.visible_to(user).select_related("civility").filter(pk=key).first()
    parts = sent(request.POST, user, _sheet(request, user, client), client)
    parts.is_valid()
    return render(request, "clients/duplicates.html", {"matches": _likely(user, parts, client)})


def _likely(user: User, parts: Parts, client: Client | None) -> list[Match]:
    others = Client.objects.visible_to(user).living().in_lists()
    return likely(others, parts.asked(new=client is None), but=client.pk if client else None)


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
    # A key longer than a bigint's is nobody's, and Postgres would say so with an error.
    row = Civility.objects.filter(pk=key).first() if key.isdecimal() and len(key) < 18 else None
    if row is None:
        return None
    return Kind.PROFESSIONAL if row.is_professional else Kind.INDIVIDUAL


def _turns(request: HttpRequest, sheet: Sheet) -> bool:
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


# ---- showing ------------------------------------------------------------------------------------------------


def _turn(request: HttpRequest, parts: Parts, sheet: Sheet, client: Client | None) -> HttpResponse:
    data, typed = request.POST, parts.client.typed()
    if "type" in data and _kind_of_civility(str(typed.get("civility") or "")) != sheet.kind:
        typed["civility"] = ""
    again = turned(parts, typed, signed_in(request), sheet, client)
    if data.get("propose") == "vat":
        _propose_vat(again.client)
    if data.get("propose") == "iban" and client and "iban" in again.client.fields:
        again.client.show_whole_iban()
    return _show(request, again, sheet, client)


def _propose_vat(form: ClientForm) -> None:
    """CLI-17: the number follows from the SIREN; beside the field it is said when it cannot."""
    if "vat_number" not in form.fields:
        return
    try:
        form.initial["vat_number"] = vat_of(siren_of(parse_siret(str(form.initial.get("siret") or ""))))
    except ValueError as error:
        form.fields["vat_number"].help_text = f"Numéro de TVA non proposé : {error}"


def _show(
    request: HttpRequest,
    parts: Parts,
    sheet: Sheet,
    client: Client | None,
    *,
    status: int = 200,
    conflict: bool = False,
    duplicates: Sequence[Match] = (),
) -> HttpResponse:
    if sheet != parts.client.sheet:
        parts = sent(request.POST, signed_in(request), sheet, client)
        parts.is_valid()
    form, missing = parts.client, parts.mark_missing()
    others = {**{line.name: form.initial.get(line.name) for line in LINES}, **carried(request.POST)}
    context = {
        "form": form,
        "parts": parts,
        "client": client,
        "sheet": sheet,
        "conflict": conflict,
        "duplicates": duplicates,
        "token": token_of(request.POST.get("token")),
        "carried": [
            (name, value)
            for name, value in others.items()
            if name not in form.fields and value not in (None, "") and request.method == "POST"
        ],
        "missing": missing,
        "index": _index(form, missing),
        "countries": COUNTRIES,
        "tiles": {"url": settings.TILES_URL, "attribution": settings.TILES_ATTRIBUTION},
        "blank_address": AddressForm(prefix="address-__n__", sheet=sheet, offered=parts.offered),
        "blank_contact": ContactForm(prefix="contact-__n__", sheet=sheet, offered=parts.offered),
    }
    return render(request, "clients/client_form.html", context, status=status)


@dataclass(frozen=True)
class Entry:
    """One line of the form's index: a card and how many of its fields URSSAF still asks for."""

    id: str
    label: str
    missing: int


def _index(form: ClientForm, missing: Sequence[Missing]) -> list[Entry]:
    shown = [section for section in form.helper.layout if any(cell.name in form.fields for cell in section.fields)]
    titles = {section.css_id: SHORT.get(section.title, section.title) for section in shown}
    ids = list(titles)
    at = ids.index("s-coordonnees") + 1
    counts = Counter(field.section for field in missing)
    return [Entry(id_, titles.get(id_, "Adresses"), counts[id_]) for id_ in [*ids[:at], "s-adresses", *ids[at:]]]


def _show_conflict(
    request: HttpRequest, parts: Parts, sheet: Sheet, client: Client, conflict: Conflict
) -> HttpResponse:
    for part in parts.all():
        prefixed = {name: part.add_prefix(name) for name in part.fields}
        part.show_conflict({n: conflict.current[full] for n, full in prefixed.items() if full in conflict.current})
    return _show(request, parts, sheet, client, status=409, conflict=True)


def _show_refusal(
    request: HttpRequest, parts: Parts, sheet: Sheet, client: Client | None, refused: Refused | IntegrityError
) -> HttpResponse:
    """A rule said no: the reason above the form, and all that was typed below it."""
    parts.client.add_error(None, refused.reason if isinstance(refused, Refused) else CHANGED_MEANWHILE)
    return _show(request, parts, sheet, client, status=409)


def _tell_saved(request: HttpRequest, words: str, parts: Parts) -> None:
    messages.success(request, words)
    for label in parts.fixed_lines():
        messages.warning(request, f"{label} n’est pas un numéro de mobile\u00a0: aucun SMS n’y partira.")

"""« Vérifier le dossier URSSAF »: what would stop the inscription, each with the field to go to (URS-05, URS-06)."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET

from clients.actions.urssaf import check_file, fullest_row
from clients.domain.urssaf import Fault
from clients.models import Address, Client
from settings_app.users.access import needs, signed_in

BANK = ("iban", "bic", "account_holder")


@dataclass(frozen=True)
class Line:
    label: str
    sentence: str
    url: str


@require_GET
@needs("change_clients")
def check(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    visible = Client.objects.visible_to(user).select_related("civility", "service_nature", "status")
    client = get_object_or_404(visible, pk=pk)
    if not client.is_urssaf:
        raise Http404
    form = reverse("clients:edit", args=[pk])
    row = fullest_row(client)
    faults = check_file(client, on=localdate())
    sees_bank = user.has_perm("settings_app.see_iban")
    lines = [_line(fault, form, row) for fault in faults if sees_bank or fault.field not in BANK]
    # Who may not see the bank account is told that it stops the file, not what is in it.
    hides_bank = not sees_bank and any(fault.field in BANK for fault in faults)
    context = {"client": client, "lines": lines, "hides_bank": hides_bank, "count": len(faults)}
    return render(request, "clients/urssaf_check.html", context)


def _line(fault: Fault, form: str, row: int) -> Line:
    in_row = fault.field.removeprefix("address-")
    if in_row != fault.field:
        part = "" if in_row == "street" else f", {Address._meta.get_field(in_row).verbose_name}"  # type: ignore[union-attr]  # columns have one
        return Line(f"Adresse{part}", fault.sentence, f"{form}#id_address-{row}-{in_row}")
    label = Client._meta.get_field(fault.field).verbose_name  # type: ignore[union-attr]
    return Line(f"{label[:1].upper()}{label[1:]}", fault.sentence, f"{form}#id_{fault.field}")

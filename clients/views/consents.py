"""What a client accepted, channel by channel and address by address: who said so, when; and saying otherwise."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from clients.actions.consents import latest, record, spoken_for
from clients.models import Channel, Client, Consent
from settings_app.users.access import needs, signed_in


@dataclass(frozen=True)
class Line:
    """What holds for one channel, or one address of e-mailing; `last` is None where nobody ever said anything."""

    channel: Channel
    email: str
    last: Consent | None

    @property
    def is_accepted(self) -> bool:
        return self.last is not None and self.last.state == Consent.State.ACCEPTED

    @property
    def is_his_own_no(self) -> bool:
        """The office cannot undo it."""
        last = self.last
        return last is not None and (last.state, last.source) == (Consent.State.REFUSED, Consent.Source.RECIPIENT)


@require_http_methods(["GET", "POST"])
@needs("change_clients")
def consents(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    client = get_object_or_404(Client.objects.visible_to(user).in_lists(), pk=pk)
    if request.method == "GET":
        history = client.consents.select_related("by")[:100]
        context = {"client": client, "lines": _lines(client), "history": history}
        return render(request, "clients/consents.html", context)
    channel = request.POST.get("channel", "")
    if channel in Channel.values:
        yes = request.POST.get("answer") == "yes"
        written = record(client, channel=Channel(channel), yes=yes, by=user, email=request.POST.get("email", "")[:254])
        if written:
            messages.success(request, f"{Channel(channel).label}\u00a0: {written.get_state_display().lower()}.")
    return redirect("clients:consents", pk=pk)


def _lines(client: Client) -> list[Line]:
    held = latest(client)
    addresses = sorted(spoken_for(client) | {email for channel, email in held if channel == Channel.EMAIL})
    keys = [(Channel.SMS, ""), *((Channel.EMAIL, email) for email in addresses), (Channel.PARTNERS, "")]
    return [Line(channel, email, held.get((channel, email))) for channel, email in keys]

"""Consents: what holds now, and what the office writes down (CLI-27)."""

from clients.models import Channel, Client, Consent
from extrabat.lib.refusals import Refused
from settings_app.users.models import User


def current(client: Client) -> dict[Channel, bool]:
    """Yes or no by channel, for e-mailing at the client's own address; what nobody said is a no."""
    holds: dict[Channel, bool] = dict.fromkeys(Channel, False)
    seen: set[tuple[str, str]] = set()
    for line in Consent.objects.filter(client=client).order_by("-pk"):
        if (line.channel, line.email) not in seen and line.email in ("", client.email):
            seen.add((line.channel, line.email))
            holds[Channel(line.channel)] = line.state == Consent.State.ACCEPTED
    return holds


def record_yes_no(client: Client, *, channel: Channel, yes: bool, by: User) -> None:
    """Append a line when the answer changes. Call it in a transaction that holds the client's row.

    Raises Refused when the recipient himself had refused: the office cannot say yes in his place.
    """
    email = client.email if channel == Channel.EMAIL else ""
    last = Consent.objects.filter(client=client, channel=channel, email=email).order_by("-pk").first()
    if yes == (last is not None and last.state == Consent.State.ACCEPTED):
        return
    if last and last.state == Consent.State.REFUSED and last.source == Consent.Source.RECIPIENT:
        raise Refused(f"{client} a refusé lui-même ce canal ({channel.label}) : lui seul peut revenir sur ce refus.")
    state = Consent.State.ACCEPTED if yes else Consent.State.REFUSED
    Consent.objects.create(
        client=client, channel=channel, email=email, state=state, source=Consent.Source.OFFICE, by=by
    )

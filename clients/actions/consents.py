"""Consents: what holds now, what the office writes down, what a recipient withdraws (CLI-27)."""

from typing import Any

from django.db import transaction

from clients.models import Channel, Client, Consent
from extrabat.lib.french import day
from extrabat.lib.refusals import Refused
from settings_app.users.models import User

State, Source = Consent.State, Consent.Source
NO_ADDRESS = "Pour autoriser l’emailing, donnez d’abord une adresse e-mail."


def latest(client: Client) -> dict[tuple[Channel, str], Consent]:
    """The line that holds for each channel, and for e-mailing of each address ("" for the other channels)."""
    lines = Consent.objects.filter(client=client).select_related("by")
    lines = lines.order_by("channel", "email", "-pk").distinct("channel", "email")
    return {(Channel(line.channel), line.email): line for line in lines}


def states(client: Client) -> dict[tuple[Channel, str], Consent.State]:
    """As `latest`, the state alone. What is not in it was never said, and is a no."""
    return {key: State(line.state) for key, line in latest(client).items()}


def current(client: Client) -> dict[Channel, bool]:
    """Yes or no by channel, for e-mailing at the client's own address; what nobody said is a no."""
    held = states(client)
    return {channel: held.get((channel, _own_address(client, channel))) == State.ACCEPTED for channel in Channel}


@transaction.atomic
def record(client: Client, *, channel: Channel, yes: bool, by: User, email: str = "") -> Consent | None:
    """Append what the office was told, when it changes something; give the new line.

    `email` is the client's address or a contact's; without it, e-mailing means the client's own. A no is written
    after a yes or a question that waits, since otherwise it holds already. Raises Refused when the recipient himself
    had refused, for an address that is nobody's here, and for a yes to e-mailing without any.
    """
    row = _held(client)
    address = email.strip().lower() or _own_address(row, channel)
    if channel == Channel.EMAIL and not address:
        if yes:
            raise Refused(NO_ADDRESS)
        return None
    last = _last(row, channel, address)
    state = last.state if last else State.UNASKED
    if state == (State.ACCEPTED if yes else State.REFUSED) or not (yes or state in (State.ACCEPTED, State.PENDING)):
        return None
    if last and state == State.REFUSED and last.source == Source.RECIPIENT:
        raise Refused(
            f"{channel.label}\u00a0: le destinataire a refusé lui-même le {day(last.at)}, lui seul peut revenir "
            "sur ce refus."
        )
    if yes and channel == Channel.EMAIL and address not in spoken_for(row):
        raise Refused(f"{address} n’est l’adresse ni de ce client ni d’un de ses contacts.")
    return Consent.objects.create(
        client=row,
        channel=channel,
        email=address if channel == Channel.EMAIL else "",
        state=State.ACCEPTED if yes else State.REFUSED,
        source=Source.OFFICE,
        by=by,
    )


def record_yes_no(client: Client, *, channel: Channel, yes: bool, by: User) -> None:
    """What the client's form says: `record`, for e-mailing at his own address."""
    record(client, channel=channel, yes=yes, by=by)


@transaction.atomic
def refuse_by_recipient(client: Client, *, channel: Channel, email: str = "") -> Consent | None:
    """Append the recipient's own refusal, which the office cannot undo; give the new line, None when it held already.

    Any address is taken: one that the record has lost since may still receive what was sent before. One who was merged
    refuses for the record that speaks for him now.
    """
    row = _held(client.surviving)
    address = email.strip().lower() or _own_address(row, channel)
    if channel == Channel.EMAIL and not address:
        raise ValueError("a refusal of e-mails needs the address")
    last = _last(row, channel, address)
    if last and (last.state, last.source) == (State.REFUSED, Source.RECIPIENT):
        return None
    return Consent.objects.create(
        client=row,
        channel=channel,
        email=address if channel == Channel.EMAIL else "",
        state=State.REFUSED,
        source=Source.RECIPIENT,
    )


def _held(client: Client) -> Client:
    """The client's row, locked: two tabs decide one after the other, on what is written."""
    return Client.objects.select_for_update(of=("self",)).get(pk=client.pk)


def _last(client: Client, channel: Channel, address: str) -> Consent | None:
    email = address if channel == Channel.EMAIL else ""
    return Consent.objects.filter(client=client, channel=channel, email=email).order_by("-pk").first()


def _own_address(client: Client, channel: Channel) -> str:
    return client.email.lower() if channel == Channel.EMAIL else ""


def spoken_for(client: Client) -> set[str]:
    """The addresses to which e-mails may be sent: the client's and his contacts', in lower case."""
    return {client.email.lower(), *(email.lower() for emails in _emails(client) for email in emails)} - {""}


def _emails(client: Client) -> list[list[str]]:
    return list(client.contacts.values_list("emails", flat=True))


# The later, the stricter; a refusal that the recipient gave himself above all.
_STRICTER = [State.ACCEPTED, State.PENDING, State.UNASKED, State.REFUSED]


def _strictness(line: Consent) -> tuple[int, bool]:
    return _STRICTER.index(State(line.state)), line.source == Source.RECIPIENT


def join_for(kept: Client, absorbed: Client, *, by: User) -> list[dict[str, Any]]:
    """Append to the kept client what holds once both are one: per channel and address the stricter of the two (CLI-32).

    Silence is no state: where only one of the two said something, that holds. Gives what `take_back` needs.
    """
    mine, appended = latest(kept), []
    for key, theirs in latest(absorbed).items():
        own = mine.get(key)
        if own and _strictness(own) >= _strictness(theirs):
            continue
        line = Consent.objects.create(
            client=kept, channel=key[0], email=key[1], state=theirs.state, source=theirs.source, by=by
        )
        appended.append({"line": line.pk, "state": own.state if own else None, "source": own.source if own else None})
    return appended


def take_back(kept: Client, appended: list[dict[str, Any]], *, by: User) -> list[Consent]:
    """Append what held before `join_for`, where nothing was said since; give the lines that stay.

    A refusal by the recipient stays: whoever's record it came from, he does not want to be written to there.
    """
    held = {line.pk: line for line in latest(kept).values()}
    stay = []
    for one in appended:
        line = held.get(one["line"])
        if line is None:
            continue
        if line.source == Source.RECIPIENT and line.state == State.REFUSED:
            stay.append(line)
            continue
        Consent.objects.create(
            client=kept,
            channel=line.channel,
            email=line.email,
            state=one["state"] or State.UNASKED,
            source=one["source"] or Source.OFFICE,
            by=by,
        )
    return stay

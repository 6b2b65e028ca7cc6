"""Issuing: mentions chosen, everything copied, numbered and sealed in one transaction (docs/rules/issuing.md)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.utils.timezone import now

from clients.models import Installation
from commerce.actions.documents import client_of, draft, lock_client, tell
from commerce.actions.numbers import SERIES, next_number
from commerce.actions.seal import record_event
from commerce.copies import SHOWN, copy_of
from commerce.deductions import amounts_of
from commerce.domain.deposits import TooMuchError, balance
from commerce.domain.mentions import Level, Problem, problems
from commerce.domain.seal import EventType, digest
from commerce.domain.states import DocumentKind, State, issuing, state_label
from commerce.domain.totals import Totals
from commerce.facts import facts_of
from commerce.models import Closing, Document, DocumentTransition, IssuedCopy, IssuedRate, LegalOverride
from commerce.sums import totals_of, write_totals
from extrabat.lib.french import amount, day
from extrabat.lib.refusals import Refused
from settings_app.submissions import earlier_result, record_result
from settings_app.users.models import User

NO_LINE: Final = "Cette pièce n’a pas de ligne\u00a0: ajoutez-en une d’abord."
NO_REASON: Final = "Dites pourquoi vous passez outre cet avertissement."
STRANGE: Final = "Cet ouvrage n’est pas un de ceux du client."
UNTIL_NOW: Final = object()


@dataclass(frozen=True)
class Forecast:
    """What issuing would do today: what stands against it, what it would amount to."""

    problems: tuple[Problem, ...]
    totals: Totals

    def of_level(self, level: Level) -> list[Problem]:
        return [one for one in self.problems if one.level == level]

    @property
    def stops(self) -> list[Problem]:
        return self.of_level(Level.STOP)

    @property
    def warnings(self) -> list[Problem]:
        return self.of_level(Level.OVERRIDE)

    @property
    def notes(self) -> list[Problem]:
        return self.of_level(Level.NOTE)


def forecast(document: Document) -> Forecast:
    """Looks without writing. Raises Refused when the document does not add up."""
    totals = totals_of(document).whole
    return Forecast(problems(facts_of(document, totals)), totals)


@transaction.atomic
def issue(
    key: int,
    *,
    by: User,
    on: date,
    token: str,
    installation: Installation | object | None = UNTIL_NOW,
    reason: str = "",
    may_override: bool = False,
) -> int:
    """Take a draft out of the draft for good, dated `on`, and give its key. The same form sent twice issues once.

    Locks in this order: the client, the document, its sources' copies, the counter, the end of the seal. Raises Refused
    when it has no line, when something legal is missing that nobody may pass over, and when `on` is before a number
    already given or in a closed period.
    """
    earlier = earlier_result(token, by=by)
    if earlier:
        return int(earlier)
    # A blocked client's work that is done is billed all the same: CLI-25 is about new documents.
    lock_client(client_of(key))
    document = draft(key)
    if not document.lines.filter(kind="item").exists():
        raise Refused(NO_LINE)
    if installation is not UNTIL_NOW:
        _place(document, installation)
    _date(document, on)
    document = Document.objects.select_related(*SHOWN).get(pk=document.pk)
    found = totals_of(document)
    _refuse_excess(document, found.whole)
    passed = _passed_over(document, found.whole, reason=reason, may_override=may_override)
    content = copy_of(document, found)
    # From here on everybody who issues in this series waits.
    document.number = content["number"] = next_number(SERIES[DocumentKind(document.kind)], on)
    _write(document, content, found.whole, by)
    LegalOverride.objects.bulk_create(
        LegalOverride(document=document, code=one.code, reason=reason.strip(), by=by) for one in passed
    )
    tell(document, state_label(DocumentKind(document.kind), State(document.state)), by)
    if document.is_invoice:
        _seal(document, content, by)
    record_result(token, str(document.pk))
    return document.pk


def _place(document: Document, installation: Any) -> None:
    """The ouvrage that was chosen with the validation (PAY-05)."""
    if installation is not None and installation.client_id != document.client_id:
        raise Refused(STRANGE)
    document.installation = installation
    document.save(update_fields=["installation", "updated_at"])


def _date(document: Document, on: date) -> None:
    """A document bears the day on which it is issued (F2). Refused when its totals would no more be those on screen."""
    if document.is_invoice and Closing.objects.filter(begins_on__lte=on, ends_on__gte=on).exists():
        raise Refused(f"La journée du {day(on)} est clôturée\u00a0: plus rien ne s’y ajoute.")
    if document.date == on:
        write_totals(document)
        return
    shown = document.gross
    if document.valid_until and document.valid_until < on:
        raise Refused("La validité de ce devis est passée\u00a0: donnez-lui une nouvelle date.")
    document.date = on
    document.save(update_fields=["date", "updated_at"])
    write_totals(document)
    if document.gross != shown:
        raise Refused(
            f"Datée du {day(on)}, la pièce ferait {amount(document.gross)} au lieu de {amount(shown)}"
            "\u00a0: un taux de TVA a changé. Changez sa date, relisez-la, puis validez."
        )


def _refuse_excess(document: Document, totals: Totals) -> None:
    """Never more credited than was invoiced, nor more deducted than there is, at any rate."""
    if document.kind == DocumentKind.CREDIT_NOTE:
        sources = list(document.made_of.filter(source__state=State.ISSUED).values_list("source", flat=True))
        # One after the other: two credit notes of one invoice wait here.
        list(Document.objects.select_for_update(of=("self",)).filter(pk__in=sources).order_by("pk"))
        others = Document.objects.filter(
            made_of__source__in=sources, kind=DocumentKind.CREDIT_NOTE, state=State.ISSUED
        ).exclude(pk=document.pk)
        taken = [*amounts_of(list(others.values_list("pk", flat=True))), *totals.amounts]
        _balanced(amounts_of(sources), taken, "Cet avoir dépasse ce qui a été facturé à l’un des taux de TVA.")
    elif document.kind == DocumentKind.INVOICE:
        deposits = list(document.deductions.values_list("deposit", flat=True))
        _balanced(
            totals.amounts,
            amounts_of(deposits),
            "Les acomptes déduits dépassent la facture à l’un des taux de TVA\u00a0: retirez-en un.",
        )


def _balanced(whole: Any, taken: Any, otherwise: str) -> None:
    try:
        balance(whole, taken)
    except TooMuchError as error:
        raise Refused(otherwise) from error


def _passed_over(document: Document, totals: Totals, *, reason: str, may_override: bool) -> Collection[Problem]:
    """The warnings that are passed over. Raises Refused for the first that is not."""
    found = Forecast(problems(facts_of(document, totals)), totals)
    if found.stops:
        raise Refused(" ".join(one.text for one in found.stops))
    if found.warnings and not may_override:
        raise Refused(" ".join(one.text for one in found.warnings))
    if found.warnings and not reason.strip():
        raise Refused(f"{found.warnings[0].text} {NO_REASON}")
    return found.warnings


def _write(document: Document, content: dict[str, Any], totals: Totals, by: User) -> None:
    source, target = State(document.state), issuing(DocumentKind(document.kind)).target
    IssuedCopy.objects.create(
        document=document, content=content, content_hash=digest(content), issued_at=now(), issued_by=by
    )
    IssuedRate.objects.bulk_create(
        IssuedRate(
            document=document,
            category=rate.rate.category.value,
            percent=rate.rate.percent,
            reason=rate.rate.reason,
            mention=rate.rate.mention,
            net=rate.net,
            vat=rate.vat,
        )
        for rate in totals.rates
    )
    document.state = target
    document.save(update_fields=["number", "state", "updated_at"])
    DocumentTransition.objects.create(document=document, by=by, source=source, target=target)


def _seal(document: Document, content: dict[str, Any], by: User) -> None:
    """Last: everybody who issues or is paid waits for the end of the chain (docs/rules/seal.md)."""
    sign = -1 if document.kind == DocumentKind.CREDIT_NOTE else 1
    record_event(
        EventType.ISSUED,
        ref=document.number,
        by=by,
        net=sign * document.net,
        vat=sign * document.vat,
        gross=sign * document.gross,
        payload={
            "kind": document.kind,
            "date": document.date.isoformat(),
            "content": digest(content),
            "rates": [[rate["category"], rate["percent"], rate["net"], rate["vat"]] for rate in content["rates"]],
            "payable": str(Decimal(content["totals"]["payable"])),
        },
    )

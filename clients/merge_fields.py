"""Which value of two records of one client is kept, block by block (CLI-32)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal

from django.db import models

from clients.models import Client, Enrolment
from extrabat.lib.french import amount, day, percent
from extrabat.lib.identifiers import mask_iban
from extrabat.lib.phones import display_phone, is_mobile

Choice = Literal["kept", "absorbed", "both"]
EMPTY: Final = (None, "", False, Enrolment.NONE)
# What a merge does not weigh: keys, clocks, what is made from the rest, and what the merge itself decides.
UNWEIGHED: Final = frozenset(
    ("id", "version", "kind", "status", "merged_into", "created_at", "updated_at", "search_name", "sort_name")
)


@dataclass(frozen=True)
class Block:
    """Columns that only make sense together. `joins`: texts of which both may be kept. `right`: who sees them."""

    name: str
    label: str
    fields: tuple[str, ...]
    joins: bool = False
    right: str = ""


def _one(name: str) -> Block:
    label = str(Client._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # columns have one
    return Block(name, label[:1].upper() + label[1:], (name,))


BLOCKS: Final = (
    *(_one(name) for name in ("civility", "company_name", "last_name", "first_name", "birth_name", "job_title")),
    *(_one(name) for name in ("siret", "vat_number", "email", "mobile_1", "mobile_2", "phone_1", "phone_2")),
    *(_one(name) for name in ("language", "origin", "social_category")),
    Block("observation", "Observation", ("observation",), joins=True),
    *(_one(name) for name in ("followed_by", "grouping", "client_type", "colour")),
    Block("referral", "Parrainage", ("is_referred", "referrer", "referrer_name", "referral_amount")),
    _one("code"),
    Block("prices", "Tarif spécifique", ("price_list", "discount_percent")),
    Block("blocked", "Gestion commerciale bloquée", ("is_blocked",)),
    Block("finance_comment", "Commentaire", ("finance_comment",), joins=True),
    Block("urssaf", "URSSAF", ("is_urssaf", "wants_advance", "service_nature", "enrolment", "enrolment_on")),
    _one("gender"),
    Block(
        "birth", "Naissance", ("birth_date", "birth_country", "birth_country_code", "birth_city", "birth_department")
    ),
    Block("bank", "Coordonnées bancaires", ("iban", "bic", "account_holder"), right="see_iban"),
)
BANK: Final = frozenset(("iban", "bic", "account_holder"))
PHONES: Final = ("mobile_1", "mobile_2", "phone_1", "phone_2")


@dataclass(frozen=True)
class Weighed:
    """One block of the preview: what each record says, and what will be kept unless the person says otherwise."""

    block: Block
    kept: str
    absorbed: str
    choice: Choice
    is_asked: bool


def weigh(kept: Client, absorbed: Client) -> list[Weighed]:
    """The blocks of which the absorbed record says something else than the kept one, in the order of the form."""
    return [found for block in BLOCKS if (found := _weigh(block, kept, absorbed))]


def _weigh(block: Block, kept: Client, absorbed: Client) -> Weighed | None:
    mine, theirs = values(block, kept), values(block, absorbed)
    if not _applies(block, kept, absorbed) or _is_empty(theirs) or mine == theirs:
        return None
    told = (told_of(block, kept), told_of(block, absorbed))
    if _is_empty(mine):
        return Weighed(block, *told, "absorbed", is_asked=False)
    return Weighed(block, *told, "both" if block.joins else "kept", is_asked=True)


def _applies(block: Block, kept: Client, absorbed: Client) -> bool:
    """The kind follows the civility, and only a particulier is concerned by URSSAF."""
    if block.name == "civility":
        return kept.kind == absorbed.kind
    if block.name == "referral":
        return absorbed.referrer_id != kept.pk
    return block.name != "urssaf" or not kept.is_professional


def decide(kept: Client, absorbed: Client, choices: Mapping[str, str]) -> dict[str, Any]:
    """The kept record's new values by attribute: `choices` names "kept", "absorbed" or "both" per block asked.

    Nothing that the kept record lacks is dropped, nothing that it says is replaced without a choice; a number that
    finds its own column taken goes into a free one of its sort.
    """
    changes: dict[str, Any] = {}
    for one in weigh(kept, absorbed):
        choice = choices.get(one.block.name, one.choice) if one.is_asked else one.choice
        if choice == "both" and one.block.joins:
            (name,) = one.block.fields
            texts = (getattr(kept, name).strip(), getattr(absorbed, name).strip())
            changes[name] = "\n\n".join(texts)[: getattr(Client._meta.get_field(name), "max_length", None)]
        elif choice == "absorbed":
            changes |= {attname(name): getattr(absorbed, attname(name)) for name in one.block.fields}
    if kept.referrer_id == absorbed.pk and "referrer_id" not in changes:
        # One does not bring oneself.
        changes |= {"is_referred": False, "referrer_id": None, "referrer_name": "", "referral_amount": None}
    return changes | _numbers_in_free_columns(kept, absorbed, changes)


def _numbers_in_free_columns(kept: Client, absorbed: Client, changes: Mapping[str, Any]) -> dict[str, str]:
    columns = {name: changes.get(name, getattr(kept, name)) for name in PHONES}
    found: dict[str, str] = {}
    for number_ in homeless_numbers(columns, kept, absorbed):
        sort = "mobile" if is_mobile(number_) else "phone"
        free = next((name for name in PHONES if name.startswith(sort) and not columns[name]), None)
        if free:
            columns[free] = found[free] = number_
    return found


def homeless_numbers(columns: Mapping[str, str], *records: Client) -> list[str]:
    """Numbers of the records that none of `columns` holds."""
    numbers = [getattr(record, name) for record in records for name in PHONES]
    return [number_ for number_ in dict.fromkeys(numbers) if number_ and number_ not in columns.values()]


def homeless_emails(email: str, *records: Client) -> list[str]:
    """E-mails of the records other than `email`, in lower case."""
    return [one for one in dict.fromkeys(record.email.lower() for record in records) if one and one != email.lower()]


def attname(name: str) -> str:
    field = Client._meta.get_field(name)
    return field.attname if isinstance(field, models.Field) else name


def values(block: Block, client: Client) -> tuple[Any, ...]:
    return tuple(getattr(client, attname(name)) for name in block.fields)


def _is_empty(found: Sequence[Any]) -> bool:
    return all(value in EMPTY for value in found)


def told_of(block: Block, client: Client) -> str:
    """What a record says in this block, as people read it."""
    told = ", ".join(told for name in block.fields if (told := _told(client, name)))
    return "Oui" if len(block.fields) == 1 and getattr(client, block.fields[0]) is True else told


_WRITTEN: Final[dict[str, Callable[[Any], str]]] = {
    "iban": mask_iban,
    "discount_percent": percent,
    **dict.fromkeys(PHONES, display_phone),
}


def _told(client: Client, name: str) -> str:
    value = getattr(client, name)
    if value in EMPTY or name in {"birth_country_code", "referrer"}:
        return ""
    if name in _WRITTEN:
        return _WRITTEN[name](value)
    display = getattr(client, f"get_{name}_display", None)
    if display:
        return str(display())
    if value is True:
        return str(Client._meta.get_field(name).verbose_name).capitalize()  # type: ignore[union-attr]
    if isinstance(value, Decimal):
        return amount(value)
    return day(value) if isinstance(value, date) else str(value)

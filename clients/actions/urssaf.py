"""The URSSAF file of a client as it is stored: what it lacks, what the check holds against it (URS-02, 05, 06, 08)."""

from datetime import date

from clients.domain.urssaf import Fault, UrssafAddress, UrssafRecord, fullest_address, missing_fields, strict_faults
from clients.models import Address, Client, Enrolment


def record_of(client: Client, *, with_bank: bool) -> UrssafRecord:
    """The client with his addresses, in the order of their keys. `with_bank` opens the sealed bank details."""
    return UrssafRecord(
        civility=client.civility.label,
        gender=client.gender,
        last_name=client.last_name,
        birth_name=client.birth_name,
        first_name=client.first_name,
        birth_date=client.birth_date,
        birth_country=client.birth_country,
        birth_country_code=client.birth_country_code,
        birth_city=client.birth_city,
        birth_department=client.birth_department,
        email=client.email,
        mobile_1=client.mobile_1,
        addresses=tuple(_place(address) for address in client.addresses.all()),
        iban=client.iban if with_bank else "",
        bic=client.bic if with_bank else "",
        account_holder=client.account_holder if with_bank else "",
        wants_advance=client.wants_advance,
        service_nature=client.service_nature.label if client.service_nature else "",
        is_enrolled=client.enrolment != Enrolment.NONE,
        enrolment_on=client.enrolment_on,
    )


def missing_of(client: Client) -> list[str]:
    """Names of what is asked for and empty; nothing for a client whom URSSAF does not concern."""
    return missing_fields(record_of(client, with_bank=False)) if client.is_urssaf else []


def check_file(client: Client, *, on: date) -> list[Fault]:
    """« Vérifier le dossier URSSAF »: all that would stop the inscription on the day `on`, in the form's order."""
    return strict_faults(record_of(client, with_bank=True), on=on)


def fullest_row(client: Client) -> int:
    """Which of the client's addresses, counted from 0 in the order of their keys, the check looks at."""
    record = record_of(client, with_bank=False)
    return record.addresses.index(fullest_address(record)) if record.addresses else 0


def _place(address: Address) -> UrssafAddress:
    return UrssafAddress(
        number=address.number,
        street=address.street,
        complement=address.complement,
        postcode=address.postcode,
        city=address.city,
        city_code=address.city_code,
        country_code=address.country_code,
    )

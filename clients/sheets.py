"""The client's form, declared once: which field in which section, for whom, in which mode, asked for by URSSAF or not.

Form, layout, marks and the count of missing fields follow from here. The tests do not: they read
docs/rules/client-form.md.
"""

from dataclasses import dataclass, replace
from typing import Final, Literal

from clients.models import Kind

Mode = Literal["simplifie", "avance"]
SIMPLE: Final = "simplifie"
ADVANCED: Final = "avance"

IDENTIFICATION: Final = "Identification générale"
REACH: Final = "Coordonnées"
QUESTIONS: Final = "Questions complémentaires"
ORGANISATION: Final = "Organisation"
FOLLOW_UP: Final = "Suivi"
FINANCE: Final = "Finance"
ELIGIBILITY: Final = "Éligibilité"
MARKETING: Final = "Marketing"
LEFT: Final = (IDENTIFICATION, REACH, QUESTIONS)
RIGHT: Final = (ORGANISATION, FOLLOW_UP, FINANCE, ELIGIBILITY, MARKETING)


@dataclass(frozen=True)
class Line:
    """One field. `individual` and `professional` say in which modes it shows: "SA", "A" or "".

    `urssaf` says what being concerned by URSSAF does to it: "required" marks it and, like "offered", shows it in
    whatever mode. What is missing is judged by clients/domain/urssaf.py.
    """

    name: str
    section: str
    width: str
    individual: str = "SA"
    professional: str = "SA"
    urssaf: Literal["", "required", "offered"] = ""
    only_when: str = ""  # the checkbox that reveals it
    right: str = ""


LINES: Final = (
    Line("civility", IDENTIFICATION, "c3", urssaf="required"),
    Line("gender", IDENTIFICATION, "c3", individual="", professional="", urssaf="required"),
    Line("company_name", IDENTIFICATION, "c9", individual=""),
    Line("last_name", IDENTIFICATION, "c5", urssaf="required"),
    Line("birth_name", IDENTIFICATION, "c4", individual="A", professional="", urssaf="required"),
    Line("first_name", IDENTIFICATION, "c4", urssaf="required"),
    Line("job_title", IDENTIFICATION, "c4", individual=""),
    Line("siret", IDENTIFICATION, "c4", individual=""),
    Line("vat_number", IDENTIFICATION, "c4", individual="", professional="A"),
    Line("language", IDENTIFICATION, "c3"),
    Line("birth_date", IDENTIFICATION, "c3", individual="A", professional="", urssaf="required"),
    Line("birth_country", IDENTIFICATION, "c4", individual="A", professional="", urssaf="required"),
    Line("birth_country_code", IDENTIFICATION, "c2", individual="A", professional="", urssaf="required"),
    Line("birth_city", IDENTIFICATION, "c5", individual="", professional="", urssaf="required"),
    Line("birth_department", IDENTIFICATION, "c4", individual="", professional="", urssaf="required"),
    Line("email", REACH, "c6", urssaf="required"),
    Line("mobile_1", REACH, "c3", urssaf="required"),
    Line("mobile_2", REACH, "c3"),
    Line("phone_1", REACH, "c3"),
    Line("phone_2", REACH, "c3"),
    Line("origin", ORGANISATION, "c6"),
    Line("social_category", ORGANISATION, "c6", individual="A", professional="A"),
    Line("observation", ORGANISATION, "c12"),
    Line("status", FOLLOW_UP, "c6"),
    Line("followed_by", FOLLOW_UP, "c6"),
    Line("grouping", FOLLOW_UP, "c6"),
    Line("client_type", FOLLOW_UP, "c6", individual="A", professional="A"),
    Line("colour", FOLLOW_UP, "c12", individual="A", professional="A"),
    Line("note", FOLLOW_UP, "c12", professional="A"),
    Line("is_referred", FOLLOW_UP, "c12", individual="A", professional="A"),
    Line("referrer_name", FOLLOW_UP, "c7", individual="A", professional="A", only_when="is_referred"),
    Line("referral_amount", FOLLOW_UP, "c5", individual="A", professional="A", only_when="is_referred"),
    Line("code", FINANCE, "c6"),
    Line("price_list", FINANCE, "c6", individual="A", professional="A"),
    Line("discount_percent", FINANCE, "c6", individual="A", professional="A"),
    Line("is_blocked", FINANCE, "c12", individual="A", professional="A"),
    Line("finance_comment", FINANCE, "c12", individual="A", professional="A"),
    Line("iban", FINANCE, "c12", individual="", professional="", urssaf="offered", right="see_iban"),
    Line("bic", FINANCE, "c5", individual="", professional="", urssaf="offered", right="see_iban"),
    Line("account_holder", FINANCE, "c7", individual="", professional="", urssaf="offered", right="see_iban"),
    Line("wants_advance", ELIGIBILITY, "c12", individual="", professional="", urssaf="offered"),
    Line("service_nature", ELIGIBILITY, "c12", individual="", professional="", urssaf="offered"),
    Line("enrolment", ELIGIBILITY, "c6", individual="", professional="", urssaf="offered"),
    Line("enrolment_on", ELIGIBILITY, "c6", individual="", professional="", urssaf="offered"),
    Line("allow_sms", MARKETING, "c4"),
    Line("allow_email", MARKETING, "c4"),
    Line("allow_partners", MARKETING, "c4"),
)

# An address and a contact have the same lines for both kinds.
ADDRESS_LINES: Final = (
    Line("number", REACH, "c3", individual="A", professional="A", urssaf="required"),
    Line("street", REACH, "c12", urssaf="required"),
    Line("complement", REACH, "c12", individual="A", professional="A"),
    Line("postcode", REACH, "c3", urssaf="required"),
    Line("city", REACH, "c6", urssaf="required"),
    Line("country", REACH, "c3"),
    Line("city_code", REACH, "c3", individual="A", professional="A", urssaf="required"),
    Line("country_code", REACH, "c3", individual="A", professional="A", urssaf="required"),
    Line("latitude", REACH, "c3", individual="A", professional="A"),
    Line("longitude", REACH, "c3", individual="A", professional="A"),
    Line("type", REACH, "c4"),
    Line("directions", REACH, "c8"),
    Line("is_default", REACH, "c12", individual="A", professional="A"),
)
CONTACT_LINES: Final = (
    Line("civility", REACH, "c3"),
    Line("last_name", REACH, "c5"),
    Line("first_name", REACH, "c4"),
    Line("job_title", REACH, "c6"),
    Line("is_main", REACH, "c6"),
    Line("emails", REACH, "c6"),
    Line("phones", REACH, "c6"),
)


@dataclass(frozen=True)
class Sheet:
    """The face of the form that is shown: for whom, in which mode, with what revealed."""

    kind: Kind
    mode: Mode
    is_urssaf: bool = False
    is_referred: bool = False

    @property
    def is_professional(self) -> bool:
        return self.kind == Kind.PROFESSIONAL

    @property
    def is_advanced(self) -> bool:
        return self.mode == ADVANCED

    def shows(self, line: Line) -> bool:
        if line.only_when == "is_referred" and not self.is_referred:
            return False
        if self.is_urssaf and line.urssaf:
            return not self.is_professional
        modes = line.professional if self.is_professional else line.individual
        return ("A" if self.is_advanced else "S") in modes

    def lines(self, of: tuple[Line, ...] = LINES) -> list[Line]:
        return [line for line in of if self.shows(line)]

    def names(self, of: tuple[Line, ...] = LINES) -> frozenset[str]:
        return frozenset(line.name for line in self.lines(of))

    def written(self) -> str:
        """The sheet as a hidden input carries it."""
        flags = [flag for flag in ("is_urssaf", "is_referred") if getattr(self, flag)]
        return "/".join([KIND_WORDS[self.kind], self.mode, *flags])

    def settled(self) -> "Sheet":
        """URSSAF concerns individuals only (URS-01)."""
        return replace(self, is_urssaf=False) if self.is_professional else self


KIND_WORDS: Final = {Kind.INDIVIDUAL: "particulier", Kind.PROFESSIONAL: "professionnel"}
WORD_KINDS: Final = {word: kind for kind, word in KIND_WORDS.items()}


def read_sheet(written: str) -> Sheet | None:
    """The sheet that a hidden input carried; None when it was meddled with."""
    kind, mode, *flags = [*written.split("/"), ""]
    if kind not in WORD_KINDS or mode not in (SIMPLE, ADVANCED):
        return None
    return Sheet(WORD_KINDS[kind], mode, "is_urssaf" in flags, "is_referred" in flags)  # type: ignore[arg-type]  # checked


def belongs_to(kind: Kind, line: Line) -> bool:
    """Has this kind of client such a field at all, in some mode?"""
    if kind == Kind.PROFESSIONAL:
        return bool(line.professional)
    return bool(line.individual or line.urssaf)

"""The list of colleagues: who is asked for, page by page."""

from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet
from django.http import QueryDict

from extrabat.lib.database import Page, keyset_page
from settings_app.users.models import Standing, User

SIZE: Final = 50
ORDER: Final = ("last_name", "id")
# « En poste » first: whoever left is looked for, not met.
STANDINGS: Final = (
    ("", "En poste"),
    (Standing.ACTIVE, "Actifs"),
    (Standing.INVITED, "Invités"),
    (Standing.LEFT, "Partis"),
    ("tous", "Tous"),
)
_NO_PASSWORD: Final = Q(password__startswith="!")  # noqa: S106  # Django's mark of none
_CONDITIONS: Final = {
    "": Q(is_active=True),
    Standing.ACTIVE: Q(is_active=True) & ~_NO_PASSWORD,
    Standing.INVITED: Q(is_active=True) & _NO_PASSWORD,
    Standing.LEFT: Q(is_active=False),
    "tous": Q(),
}


@dataclass(frozen=True)
class AskedPeople:
    """The filters of an address; what does not read as one is left out."""

    standing: str
    role: int | None

    @classmethod
    def of(cls, query: QueryDict) -> "AskedPeople":
        standing, role = query.get("etat", ""), query.get("role", "")
        return cls(standing if standing in _CONDITIONS else "", int(role) if role.isdecimal() else None)

    @property
    def query(self) -> str:
        made = QueryDict(mutable=True)
        if self.standing:
            made["etat"] = self.standing
        if self.role:
            made["role"] = str(self.role)
        return made.urlencode()

    def rows(self) -> QuerySet[User]:
        rows = User.objects.with_frame().filter(_CONDITIONS[self.standing])
        return rows.filter(groups=self.role) if self.role else rows

    def page(self, query: QueryDict) -> Page[User]:
        return keyset_page(self.rows(), order=ORDER, size=SIZE, after=query.get("apres"), before=query.get("avant"))

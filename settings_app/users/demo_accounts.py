"""The demo's sign-ins: invented people, one password that everybody knows."""

from dataclasses import dataclass
from typing import Final

from settings_app.users.rights import ADMINISTRATOR, OFFICE, SALES, TECHNICIAN

DEMO_PASSWORD = "demo"  # noqa: S105  # shown on the demo's own sign-in page
PERTUIS: Final = "Rivage & Foyer Pertuis"
MANOSQUE: Final = "Rivage & Foyer Manosque"


@dataclass(frozen=True)
class DemoAccount:
    username: str
    first_name: str
    last_name: str
    role: str
    mobile: str
    store: str


DEMO_ACCOUNTS = (
    DemoAccount("claire", "Claire", "Delmas", ADMINISTRATOR, "+33639980001", PERTUIS),
    DemoAccount("nadia", "Nadia", "Ferrand", OFFICE, "+33639980002", PERTUIS),
    DemoAccount("hugo", "Hugo", "Marchetti", SALES, "+33639980003", MANOSQUE),
    DemoAccount("karim", "Karim", "Benali", TECHNICIAN, "+33639980004", PERTUIS),
    DemoAccount("julien", "Julien", "Roux", TECHNICIAN, "+33639980005", MANOSQUE),
    DemoAccount("sophie", "Sophie", "Langlois", OFFICE, "", MANOSQUE),
)

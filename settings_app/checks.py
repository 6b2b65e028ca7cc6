"""What `manage.py check --deploy` refuses: a program that owns its tables, demo accounts in production."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register  # noqa: A004  # Django's own name
from django.db import DatabaseError, connection


@register(deploy=True)
def database_role_is_humble(**_kwargs: Any) -> list[CheckMessage]:
    """Triggers that guard issued documents stop nobody who may drop them."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT r.rolsuper OR r.rolcreaterole OR EXISTS (SELECT 1 FROM pg_class c WHERE c.relowner = r.oid"
                " AND c.relkind IN ('r', 'p')) FROM pg_roles r WHERE r.rolname = current_user"
            )
            (too_strong,) = cursor.fetchone() or (False,)
    except DatabaseError:
        return [Warning("The database did not answer: its role was not checked.", id="extrabat.W001")]
    if not too_strong:
        return []
    return [
        Error(
            "The program connects to the database as a superuser or as the owner of its tables.",
            hint="Give DATABASE_URL a role of its own and keep the owner for DATABASE_OWNER_URL.",
            id="extrabat.E001",
        )
    ]


@register(deploy=True)
def no_demo_in_production(**_kwargs: Any) -> list[CheckMessage]:
    if settings.DEMO:
        return [Error("DEMO=1: everybody can sign in with the demo's password.", id="extrabat.E002")]
    return []

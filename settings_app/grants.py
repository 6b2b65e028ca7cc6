"""What the program's database role may do: everything but owning, emptying and rewriting append-only tables."""

from django.apps import apps
from django.db import connections
from psycopg import sql


def _tables(mark: str) -> list[str]:
    return sorted(model._meta.db_table for model in apps.get_models() if getattr(model, mark, False))


def append_only_tables() -> list[str]:
    """Tables of models marked `append_only = True`: the program reads them and can do nothing else.

    What fills them is a function that runs as their owner.
    """
    return _tables("append_only")


def added_only_tables() -> list[str]:
    """Tables of models marked `added_only = True`: the program adds rows and never changes or deletes one."""
    return _tables("added_only")


def grant_program_role(using: str, role: str) -> None:
    """Give `role` its rights anew, through the owner's connection. Called after each migrate; idempotent."""
    program = sql.Identifier(role)
    closed = sql.SQL(", ").join(sql.Identifier(table) for table in [*append_only_tables(), "django_migrations"])
    added = sql.SQL(", ").join(sql.Identifier(table) for table in added_only_tables())
    statements = [
        sql.SQL("GRANT USAGE ON SCHEMA public TO {role}"),
        sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}"),
        sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}"),
        sql.SQL("REVOKE INSERT, UPDATE, DELETE ON {closed} FROM {role}"),
        sql.SQL("REVOKE UPDATE, DELETE ON {added} FROM {role}"),
    ]
    with connections[using].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement.format(role=program, closed=closed, added=added))

"""Which keys of FIELD_KEYS a database needs, and whether the ones at hand are those."""

from typing import Any

from django.apps import apps
from django.conf import settings
from psycopg import sql

from extrabat.lib.sealed import SealedTextField
from extrabat.lib.secrets import SealError, seal_with, unseal

PROBE = "extrabat"


def sealed_columns() -> list[tuple[str, str]]:
    """Table and column of every sealed field."""
    return [
        (model._meta.db_table, str(field.column))
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
        for field in model._meta.local_fields
        if isinstance(field, SealedTextField)
    ]


def keys_used(connection: Any) -> list[str]:
    """The identifiers of the keys that sealed something, sorted."""
    found: set[str] = set()
    for table, column in sealed_columns():
        names = {"table": sql.Identifier("public", table), "column": sql.Identifier(column)}
        query = "SELECT DISTINCT split_part({column}, ':', 2) FROM {table} WHERE {column} <> ''"
        found |= {row[0] for row in connection.execute(sql.SQL(query).format(**names))}
    return sorted(found)


def probes(keys: list[str]) -> dict[str, str]:
    """A word sealed with each of these keys that is at hand: it tells the key later, and gives nothing away."""
    at_hand = {pair.partition(":")[0] for pair in settings.FIELD_KEYS}
    return {key: seal_with(key, PROBE) for key in keys if key in at_hand}


def missing_keys(keys: list[str], sealed: dict[str, str]) -> list[str]:
    """Which of `keys` FIELD_KEYS lacks, or has under the same name with another value."""
    at_hand = {pair.partition(":")[0] for pair in settings.FIELD_KEYS}
    wrong = [key for key in keys if key not in at_hand]
    for key, probe in sealed.items():
        try:
            right = unseal(probe) == PROBE
        except SealError:
            right = False
        if not right and key in keys and key not in wrong:
            wrong.append(key)
    return sorted(wrong)


def unreadable(connection: Any) -> list[str]:
    """Columns where a sealed text cannot be opened, one text a key tried."""
    wrong = []
    for table, column in sealed_columns():
        names = {"table": sql.Identifier("public", table), "column": sql.Identifier(column)}
        query = (
            "SELECT DISTINCT ON (split_part({column}, ':', 2)) {column} FROM {table} WHERE {column} <> ''"
            " ORDER BY split_part({column}, ':', 2)"
        )
        for (token,) in connection.execute(sql.SQL(query).format(**names)):
            try:
                unseal(token)
            except SealError as error:
                wrong.append(f"{table}.{column}: {error}")
    return wrong

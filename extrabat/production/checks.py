"""After a restore: is it the same database, and does it live for the program's role."""

from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from clients.models import Client, ClientSearch, StoredFile
from extrabat.production import files, postgres, sealed
from extrabat.production.archive import Manifest
from settings_app.grants import append_only_tables

PROBE_WORD = "zzverification"


def known_migrations() -> set[str]:
    """What this program's code would migrate, as "app.name"."""
    loader = MigrationLoader(None)
    return {f"{app}.{name}" for app, name in loader.disk_migrations} | {
        f"{app}.{name}" for migration in loader.disk_migrations.values() for app, name in migration.replaces
    }


def differences(owner: Any, manifest: Manifest) -> list[str]:
    """In words, what the restored database has otherwise than the manifest tells."""
    found = []
    counts = postgres.counts(owner)
    for table in sorted(manifest.tables | counts):
        was, is_now = manifest.tables.get(table), counts.get(table)
        if was != is_now:
            found.append(f"{table}: {was} rows were saved, {is_now} are there")
    now = postgres.objects(owner)
    for kind, names in manifest.objects.items():
        if lost := sorted(set(names) - set(now.get(kind, []))):
            found.append(f"{kind} missing: {', '.join(lost)}")
    return found + sealed.unreadable(owner)


def dead_parts(manifest: Manifest) -> list[str]:
    """In words, what the program's role could not do. Only for a database as new as the code."""
    # Without its rights it cannot even be asked for the others.
    return _rights() or [*_search(), *_files(manifest)]


def _rights() -> list[str]:
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
            " AND NOT has_table_privilege(oid, 'SELECT') ORDER BY 1"
        )
        found += [f"{settings.DATABASES['default']['USER']} may not read {name}" for (name,) in cursor.fetchall()]
        for table in append_only_tables():
            cursor.execute("SELECT has_table_privilege(%s, 'INSERT, UPDATE, DELETE, TRUNCATE')", [f"public.{table}"])
            if cursor.fetchone() != (False,):
                found.append(f"{settings.DATABASES['default']['USER']} may rewrite {table}")
    return found


def _search() -> list[str]:
    """Every client has his document, and it follows a change, which is then taken back."""
    documents, clients = ClientSearch.objects.count(), Client._base_manager.count()
    if documents != clients:
        return [f"search: {documents} documents for {clients} clients"]
    one = Client._base_manager.order_by("pk").first()
    if one is None:
        return []
    with transaction.atomic():
        Client._base_manager.filter(pk=one.pk).update(last_name=PROBE_WORD.title())
        follows = ClientSearch.objects.filter(client=one, document__contains=PROBE_WORD).exists()
        transaction.set_rollback(True)
    return [] if follows else ["search: a document does not follow its client"]


def _files(manifest: Manifest) -> list[str]:
    storage = files.uploads()
    expected = dict(StoredFile._base_manager.values_list("storage_key", "size"))
    lost = sorted(
        key
        for key, size in expected.items()
        if key not in manifest.missing_files and not (storage.exists(key) and storage.size(key) == size)
    )
    return [f"files: {len(lost)} that the database names are not there, the first is {lost[0]}"] if lost else []

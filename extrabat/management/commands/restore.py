"""Put a backup back into an empty database, after every check, and say what would differ."""

from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from extrabat.production import archive, checks, files, postgres, sealed
from extrabat.production.archive import Manifest
from extrabat.production.files import Kept
from extrabat.production.postgres import BackupError
from settings_app.grants import grant_program_role


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="a backup, or a folder of them, whose newest is meant")
        parser.add_argument("--check", action="store_true", help="only tell whether it could be restored")
        parser.add_argument("--force", action="store_true", help="delete what the database holds first")

    def handle(self, *_args: Any, **options: Any) -> None:
        if "owner" not in connections.databases:
            raise CommandError("The tables' owner restores: set DATABASE_OWNER_URL.")
        try:
            folder = archive.newest(options["folder"].absolute())
            manifest = archive.read_manifest(folder)
            kept = _sound(folder, manifest)
            if options["check"]:
                self.stdout.write(f"{folder}: sound, of {manifest.made_at}; the keys at hand open it")
                return
            self._restore(folder, manifest, kept, force=options["force"])
        except BackupError as error:
            raise CommandError(f"{error}.") from None
        except OSError as error:
            raise CommandError(f"Restoring stopped: {error.strerror} ({error.filename}).") from None

    def _restore(self, folder: Path, manifest: Manifest, kept: list[Kept], *, force: bool) -> None:
        owner = connections["owner"].settings_dict
        uploads = files.folder(files.uploads())
        pg_restore = postgres.tool("pg_restore", manifest.postgres)
        _make_room(owner, uploads, force=force)
        words = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", "--no-comments"]
        postgres.call(pg_restore, owner, *words, folder / archive.DUMP)
        grant_program_role("owner", str(settings.DATABASES["default"]["USER"]))
        if uploads and not manifest.bucket:
            files.copy_out(folder.parent / archive.POOL, uploads, kept)
        with psycopg.connect(postgres.conninfo(owner), autocommit=True) as connection:
            connection.execute("ANALYZE")
            wrong = checks.differences(connection, manifest)
        behind = sorted(checks.known_migrations() - set(manifest.migrations))
        wrong += [] if behind else checks.dead_parts(manifest)
        if wrong:
            raise BackupError("Restored, but not all is as it was:\n  " + "\n  ".join(wrong))
        rows = sum(manifest.tables.values())
        self.stdout.write(f"{folder}: {len(manifest.tables)} tables, {rows} rows restored, as they were")
        if manifest.bucket:
            self.stdout.write(f"The files were in the bucket {manifest.bucket}, whose versions restore them.")
        if behind:
            self.stdout.write(f"Next: manage.py migrate --database=owner ({len(behind)} migrations are newer).")


def _sound(folder: Path, manifest: Manifest) -> list[Kept]:
    """The files of a backup in which nothing is damaged and that this program can open. Raises BackupError."""
    for name, expected in ((archive.DUMP, manifest.dump_sha256), (archive.LIST, manifest.list_sha256)):
        path = folder / name
        if not path.is_file():
            raise BackupError(f"{path} is missing: take another backup")
        if files.digest(path) != expected:
            raise BackupError(f"{path} is damaged: its checksum is not the manifest's. Take another backup")
    kept = files.read_list(folder / archive.LIST)
    if not manifest.bucket and (wrong := files.damaged(folder.parent / archive.POOL, kept)):
        raise BackupError(f"{len(wrong)} files are missing or damaged, the first is {wrong[0]}. Take another backup")
    if newer := sorted(set(manifest.migrations) - checks.known_migrations()):
        raise BackupError(f"it was made by a newer program ({newer[-1]}): install that one")
    if wrong := sealed.missing_keys(manifest.keys, manifest.probes):
        raise BackupError(
            f"FIELD_KEYS cannot open it: {', '.join(wrong)} is missing or another key. Put the former keys back first"
        )
    return kept


def _make_room(owner: dict[str, Any], uploads: Path | None, *, force: bool) -> None:
    """Refuse what is not empty; with `force` empty the database (files stay: their names are never given twice)."""
    with psycopg.connect(postgres.conninfo(owner)) as connection:
        there = postgres.counts(connection)
        if there and not force:
            raise BackupError(
                f"the database {owner['NAME']} is not empty ({len(there)} tables): give an empty one, "
                "or --force to delete what it holds"
            )
        if uploads and uploads.is_dir() and any(uploads.iterdir()) and not force:
            raise BackupError(f"{uploads} is not empty: give another DATA_DIR, or --force to add to it")
        if there:
            connection.execute("SET LOCAL lock_timeout = '10s'")
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
            connection.execute("GRANT USAGE ON SCHEMA public TO PUBLIC")

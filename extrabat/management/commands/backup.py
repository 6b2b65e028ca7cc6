"""Save database and files to a folder of backups, while the program runs; the keys are to be kept apart from it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from clients.models import StoredFile
from extrabat.production import archive, files, postgres, sealed
from extrabat.production.postgres import BackupError


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="where backups are kept, on another disk than the data")
        parser.add_argument("--keep", type=int, help="afterwards delete all but the newest KEEP backups")

    def handle(self, *_args: Any, **options: Any) -> None:
        if "owner" not in connections.databases:
            raise CommandError("The tables' owner makes backups: set DATABASE_OWNER_URL.")
        root, keep = options["folder"].absolute(), options["keep"]
        if keep is not None and keep < 1:
            raise CommandError("--keep 0 would delete every backup: keep 1 at least.")
        try:
            with archive.alone(root):
                with archive.begun(root) as folder:
                    manifest = _save(root, folder)
                    name = folder.name.removeprefix(archive.PARTIAL)
                gone = archive.prune(root, keep) if keep else []
        except BackupError as error:
            raise CommandError(f"No backup was made: {error}.") from None
        except OSError as error:
            raise CommandError(f"No backup was made: {error.strerror} ({error.filename}).") from None
        self._tell(root / name, manifest, gone)

    def _tell(self, path: Path, manifest: archive.Manifest, gone: list[str]) -> None:
        rows = sum(manifest.tables.values())
        self.stdout.write(f"{path}: {len(manifest.tables)} tables, {rows} rows")
        if manifest.bucket:
            self.stdout.write(
                f"The files are in the bucket {manifest.bucket}: they were listed, not copied. Keep its versions there."
            )
        keys = ", ".join(manifest.keys)
        needs = (
            f"It opens with the keys {keys} of FIELD_KEYS, which are not in it: keep them elsewhere." if keys else ""
        )
        self.stdout.write(needs or "Nothing in it is sealed: it needs no key of FIELD_KEYS.")
        for name in gone:
            self.stdout.write(f"deleted: {name}")
        lost = sorted(set(manifest.keys) - set(manifest.probes))
        if lost:
            raise CommandError(f"The backup was made, but FIELD_KEYS lacks {', '.join(lost)}: find these keys again.")
        if manifest.missing_files:
            count = len(manifest.missing_files)
            raise CommandError(f"The backup was made, but {count} files that the database names were not found.")


def _save(root: Path, folder: Path) -> archive.Manifest:
    owner = connections["owner"].settings_dict
    storage = files.uploads()
    uploads, dump = files.folder(storage), folder / archive.DUMP
    with postgres.snapshot(owner) as (moment, name):
        version = postgres.server_version(moment)
        pg_dump = postgres.tool("pg_dump", version)
        words = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={name}", f"--file={dump}"]
        postgres.call(pg_dump, owner, *words)
        tables, objects = postgres.counts(moment), postgres.objects(moment)
        migrations = postgres.migrations(moment)
        keys = sealed.keys_used(moment)
        named = {key for (key,) in moment.execute(f"SELECT storage_key FROM {StoredFile._meta.db_table}")}  # noqa: S608
    # After the snapshot: what it names has been written, what comes meanwhile does no harm.
    kept = (
        files.copy_into(root / archive.POOL, uploads, archive.known_files(root)) if uploads else files.listed(storage)
    )
    files.write_list(folder / archive.LIST, kept)
    manifest = archive.Manifest(
        format=archive.FORMAT,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        program=archive.program_version(),
        postgres=version,
        migrations=migrations,
        tables=tables,
        objects=objects,
        dump_sha256=files.digest(dump),
        list_sha256=files.digest(folder / archive.LIST),
        bucket="" if uploads else settings.FILES_BUCKET,
        missing_files=sorted(named - {one.name for one in kept}),
        keys=keys,
        probes=sealed.probes(keys),
    )
    archive.write_manifest(folder, manifest)
    return manifest

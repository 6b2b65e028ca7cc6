"""Files of clients: at once when they are few, by a worker when they are many, read from `ExportJob` alone."""

import logging
import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.timezone import localdate, now

from clients import columns as table
from clients.listing import Asked
from clients.models import ExportJob
from clients.models.lists import FILE_DAYS
from extrabat.lib.exports import csv_lines, write_xlsx
from settings_app.submissions import earlier_result, record_result
from settings_app.users.access import may
from settings_app.users.models import User

logger = logging.getLogger(__name__)
State, Format = ExportJob.State, ExportJob.Format
AT_ONCE: Final = 1_000
BATCH: Final = 1_000
ATTEMPTS: Final = 3
# A worker that says nothing for so long is dead: its job is due again.
SILENCE: Final = timedelta(minutes=2)
TYPES: Final = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
WORK: Final = "clients.work_exports"


def folder() -> Path:
    return Path(settings.DATA_DIR) / "exports"


def file_name(kind: str) -> str:
    return f"clients-{localdate():%Y-%m-%d}.{kind}"


def header(columns: Sequence[table.Column]) -> list[str]:
    return [table.CLIENT.label, *(column.label for column in columns)]


def rows_of(asked: Asked, columns: Sequence[table.Column]) -> Iterator[list[list[object]]]:
    """The lines to write, a batch at a time: page by page, so that a long file holds no long transaction."""
    rows = asked.rows().select_related("civility", *table.related_to(columns))
    after: str | None = None
    while True:
        page = asked.page(rows, size=BATCH, after=after)
        addresses = table.addresses_of(page.rows, columns)
        yield [
            [column.read(client, addresses.get(client.pk)) for column in (table.CLIENT, *columns)]
            for client in page.rows
        ]
        after = page.after
        if after is None:
            return


def write(kind: str, into: BinaryIO, columns: Sequence[table.Column], lines: Iterator[Sequence[object]]) -> None:
    if kind == Format.XLSX:
        write_xlsx(into, header(columns), lines, sheet="Clients")
    else:
        into.writelines(csv_lines(header(columns), lines))


@transaction.atomic
def ask(*, by: User, asked: Asked, kind: str, names: Sequence[str], token: str) -> int:
    """Put a file in the queue; give the key of its job. Sent twice with one `token`, it is one job."""
    earlier = earlier_result(token, by=by)
    if earlier:
        return int(earlier)
    job = ExportJob.objects.create(
        asked_by=by, format=kind, query=asked.query, columns=list(names), total=asked.rows().order_by().count()
    )
    record_result(token, str(job.pk))
    return job.pk


def retry(job: ExportJob) -> None:
    """Put a failed one back in the queue."""
    ExportJob.objects.filter(pk=job.pk, state=State.FAILED).update(
        state=State.WAITING, attempts=0, done=0, worked_at=None
    )


def due() -> Q:
    return Q(state=State.WAITING) | Q(state=State.WORKING, worked_at__lt=now() - SILENCE)


def oldest_due() -> datetime | None:
    """Since when the oldest one waits."""
    return ExportJob.objects.filter(state=State.WAITING).order_by("pk").values_list("asked_at", flat=True).first()


def claim() -> ExportJob | None:
    """Take the oldest due job; two workers never take the same."""
    with transaction.atomic():
        job = ExportJob.objects.filter(due()).order_by("pk").select_for_update(skip_locked=True).first()
        if job is None:
            return None
        job.state = State.FAILED if job.attempts >= ATTEMPTS else State.WORKING
        job.attempts += 1
        job.done, job.worked_at = 0, now()
        job.save()
        return job


def work_one() -> bool:
    """Do the oldest due job; False when there was none."""
    job = claim()
    if job is None:
        return False
    if job.state == State.WORKING:
        try:
            _work(job)
        except Exception:
            # Whatever it was, the next attempt or the person's « Réessayer » begins anew.
            logger.exception("an export failed", extra={"job": job.pk})
            again = State.WAITING if job.attempts < ATTEMPTS else State.FAILED
            _still_ours(job).update(state=again)
    return True


def _still_ours(job: ExportJob) -> QuerySet[ExportJob]:
    """The row, unless another worker took it over from one that was slow."""
    return ExportJob.objects.filter(pk=job.pk, state=State.WORKING, attempts=job.attempts)


def _work(job: ExportJob) -> None:
    user = job.asked_by
    if not user.is_active or not may(user, "export"):
        _still_ours(job).update(state=State.FAILED)
        return
    delete_old_files()
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{uuid.uuid4()}.{job.format}"
    draft = folder() / f"{name}.part"
    columns = table.chosen(job.columns)
    try:
        with draft.open("wb") as into:
            draft.chmod(0o600)
            write(job.format, into, columns, _told(job, rows_of(Asked.stored(user, job.query), columns)))
        draft.replace(folder() / name)
    finally:
        draft.unlink(missing_ok=True)
    if not _still_ours(job).update(state=State.DONE, file=name, finished_at=now()):
        (folder() / name).unlink(missing_ok=True)


def _told(job: ExportJob, batches: Iterator[list[list[object]]]) -> Iterator[Sequence[object]]:
    """The lines, telling the row how far they are."""
    done = 0
    for batch in batches:
        yield from batch
        done += len(batch)
        if not _still_ours(job).update(done=done, worked_at=now()):
            raise RuntimeError("another worker took this job over")


def delete_old_files() -> int:
    """Delete the files of more than a week, and drafts that a dead worker left; give how many jobs expired."""
    old = ExportJob.objects.filter(state=State.DONE, finished_at__lt=now() - timedelta(days=FILE_DAYS))
    expired = 0
    for job in old:
        (folder() / job.file).unlink(missing_ok=True)
        expired += ExportJob.objects.filter(pk=job.pk).update(state=State.EXPIRED, file="")
    limit = (now() - timedelta(days=1)).timestamp()
    for draft in folder().glob("*.part"):
        if draft.stat().st_mtime < limit:
            draft.unlink(missing_ok=True)
    return expired

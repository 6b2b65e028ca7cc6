"""Many documents printed into one file by a worker, read from `PrintJob` alone."""

import io
import logging
import uuid
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import pikepdf
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.timezone import now

from commerce.actions.printing import Printout, printed, printed_again
from commerce.models import Document, PrintJob
from extrabat.lib.refusals import Refused
from settings_app.submissions import earlier_result, record_result
from settings_app.users.models import User

logger = logging.getLogger(__name__)
State, Format = PrintJob.State, PrintJob.Format
MOST: Final = 500
ATTEMPTS: Final = 3
# A worker that says nothing for so long is dead: its job is due again.
SILENCE: Final = timedelta(minutes=2)
FILE_DAYS: Final = 7
WORK: Final = "commerce.work_prints"
TYPES: Final = {Format.PDF: "application/pdf", Format.ZIP: "application/zip"}


def folder() -> Path:
    return Path(settings.DATA_DIR) / "prints"


@transaction.atomic
def ask(keys: Sequence[int], *, by: User, format_: str, token: str) -> int:
    """Put a print of several documents in the queue; give the key of its job. Sent twice with one `token`, it is one.

    Those that the user may not see are left out. Raises Refused for none, and for more than 500.
    """
    earlier = earlier_result(token, by=by)
    if earlier:
        return int(earlier)
    seen = set(Document.objects.visible_to(by).filter(pk__in=keys[: MOST + 1]).values_list("pk", flat=True))
    chosen = [key for key in dict.fromkeys(keys) if key in seen]
    if not chosen or len(keys) > MOST:
        raise Refused(f"Cochez de une à {MOST} pièces à imprimer.")
    job = PrintJob.objects.create(
        asked_by=by, format=Format(format_) if format_ in Format.values else Format.PDF, keys=chosen, total=len(chosen)
    )
    record_result(token, str(job.pk))
    return job.pk


def retry(job: PrintJob) -> None:
    """Put a failed one back in the queue."""
    PrintJob.objects.filter(pk=job.pk, state=State.FAILED).update(
        state=State.WAITING, attempts=0, done=0, worked_at=None
    )


def due() -> Q:
    return Q(state=State.WAITING) | Q(state=State.WORKING, worked_at__lt=now() - SILENCE)


def oldest_due() -> datetime | None:
    """Since when the oldest one waits."""
    return PrintJob.objects.filter(state=State.WAITING).order_by("pk").values_list("asked_at", flat=True).first()


def claim() -> PrintJob | None:
    """Take the oldest due job; two workers never take the same."""
    with transaction.atomic():
        job = PrintJob.objects.filter(due()).order_by("pk").select_for_update(skip_locked=True).first()
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
            logger.exception("a print failed", extra={"job": job.pk})
            again = State.WAITING if job.attempts < ATTEMPTS else State.FAILED
            _still_ours(job).update(state=again)
    return True


def _still_ours(job: PrintJob) -> QuerySet[PrintJob]:
    """The row, unless another worker took it over from one that was slow."""
    return PrintJob.objects.filter(pk=job.pk, state=State.WORKING, attempts=job.attempts)


def _work(job: PrintJob) -> None:
    if not job.asked_by.is_active:
        _still_ours(job).update(state=State.FAILED)
        return
    delete_old_files()
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{uuid.uuid4()}.{job.format}"
    draft = folder() / f"{name}.part"
    try:
        draft.touch(mode=0o600)
        write = _write_archive if job.format == Format.ZIP else _write_pdf
        write(draft, _printouts(job))
        draft.replace(folder() / name)
    finally:
        draft.unlink(missing_ok=True)
    if not _still_ours(job).update(state=State.DONE, file=name, finished_at=now()):
        (folder() / name).unlink(missing_ok=True)


def _printouts(job: PrintJob) -> Iterator[Printout]:
    """One after the other, telling the row how far they are and as what each was printed."""
    user = job.asked_by
    # What he may no more see since he asked is left out.
    visible = set(Document.objects.visible_to(user).filter(pk__in=job.keys).values_list("pk", flat=True))
    for done, key in enumerate(job.keys, start=1):
        with transaction.atomic():
            if key in visible:
                mark = job.marks.get(str(key))
                made = printed(key, by=user) if mark is None else printed_again(key, mark, by=user)
                job.marks[str(key)] = made.mark
            if not _still_ours(job).update(done=done, worked_at=now(), marks=job.marks):
                raise RuntimeError("another worker took this job over")
        if key in visible:
            yield made


def _write_archive(path: Path, printouts: Iterator[Printout]) -> None:
    """Each as it is kept, byte for byte."""
    taken: dict[str, int] = {}
    # They are compressed within already.
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for one in printouts:
            taken[one.name] = taken.get(one.name, 0) + 1
            stem = one.name.removesuffix(".pdf")
            # Drafts have no number yet.
            archive.writestr(one.name if taken[one.name] == 1 else f"{stem} ({taken[one.name]}).pdf", one.content)


def _write_pdf(path: Path, printouts: Iterator[Printout]) -> None:
    """All pages one after the other, for the printer: no longer the archived form, which is each document's own."""
    with pikepdf.new() as whole, ExitStack() as opened:
        for one in printouts:
            # Their streams are read when the whole is written.
            whole.pages.extend(opened.enter_context(pikepdf.open(io.BytesIO(one.content))).pages)
        whole.docinfo["/Title"] = "Pièces"
        whole.save(path, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def delete_old_files() -> int:
    """Delete the files of more than a week, and drafts that a dead worker left; give how many jobs expired."""
    old = PrintJob.objects.filter(state=State.DONE, finished_at__lt=now() - timedelta(days=FILE_DAYS))
    expired = 0
    for job in old:
        (folder() / job.file).unlink(missing_ok=True)
        expired += PrintJob.objects.filter(pk=job.pk).update(state=State.EXPIRED, file="")
    limit = (now() - timedelta(days=1)).timestamp()
    for draft in folder().glob("*.part"):
        if draft.stat().st_mtime < limit:
            draft.unlink(missing_ok=True)
    return expired

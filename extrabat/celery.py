"""Celery: ticks and hints. What must be done is a row in Postgres; a task only goes and looks."""

import os
import time
from typing import Any

from celery import Celery, Task
from celery.beat import PersistentScheduler
from celery.schedules import crontab
from celery.signals import before_task_publish, setup_logging, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "extrabat.settings")


class AuditedTask(Task):
    """Signs what a task writes with the task's name: nobody is signed in at night.

    Around the call and not by Celery's signals, whose order against its closing of connections is not ours.
    """

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        from settings_app.audit.context import acting

        with acting(by=None, source=f"tâche {self.name}"):
            return super().__call__(*args, **kwargs)


app = Celery("extrabat", task_cls=AuditedTask)
# For the web server's other threads, which would otherwise wake workers through a nameless default app.
app.set_default()
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_scheduler = "extrabat.celery:Scheduler"
app.conf.beat_max_loop_interval = 10
app.conf.beat_schedule = {
    "pulse": {"task": "extrabat.pulse", "schedule": 10.0, "options": {"expires": 30}},
    "purge-submissions": {"task": "settings_app.purge_submissions", "schedule": crontab(hour=3, minute=10)},
    "forget-connections": {"task": "settings_app.forget_connections", "schedule": crontab(hour=3, minute=15)},
    "forget-sign-ins": {"task": "settings_app.forget_sign_ins", "schedule": crontab(hour=3, minute=25)},
    "forget-words": {"task": "clients.forget_words", "schedule": crontab(hour=3, minute=20)},
    "previews": {"task": "clients.make_previews", "schedule": 60.0, "options": {"expires": 50}},
    # Each hour, so that a program that was down at midnight catches up soon after its start.
    "close-periods": {"task": "commerce.close_periods", "schedule": crontab(minute=5)},
    # What a lost hint or a dead worker left.
    "client-exports": {"task": "clients.work_exports", "schedule": 60.0, "options": {"expires": 55}},
    "prints": {"task": "commerce.work_prints", "schedule": 60.0, "options": {"expires": 55}},
    "sweep-files": {"task": "clients.sweep_files", "schedule": crontab(hour=3, minute=40)},
    "delete-old-prints": {"task": "commerce.delete_old_prints", "schedule": crontab(hour=3, minute=25)},
    "delete-old-exports": {"task": "clients.delete_old_exports", "schedule": crontab(hour=3, minute=20)},
}


@app.task(name="extrabat.pulse")
def pulse() -> None:
    """Proves that a worker takes tasks and does them."""
    from extrabat import health

    health.beat_heart("worker")


class Scheduler(PersistentScheduler):
    """Celery's scheduler, leaving a sign of life each time it looks at its clock."""

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        from extrabat import health

        health.beat_heart("beat")
        return super().tick(*args, **kwargs)


@worker_ready.connect
def _worker_is_ready(**_kwargs: Any) -> None:
    from extrabat import health

    health.beat_heart("worker")


@before_task_publish.connect
def _stamp(headers: dict[str, Any] | None = None, **_kwargs: Any) -> None:
    """When the message entered the queue: /sante/ reads it from the oldest one."""
    if headers is not None:
        headers["queued_at"] = time.time()


@setup_logging.connect
def _keep_our_logs(**_kwargs: Any) -> None:
    """Connecting here is what stops Celery from replacing the handlers of the settings."""

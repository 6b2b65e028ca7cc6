"""Every row that names a client has its rule in a merge: a new foreign key without one turns this red (CLI-32)."""

from collections.abc import Iterable

import pytest
from django.apps import apps
from django.apps.registry import Apps
from django.db import connection, models

from clients.merge_fields import BLOCKS, UNWEIGHED
from clients.merging import Carried, Stays, carried, merge_rules
from clients.models import Client


def links_to(target: type[models.Model], tables: Iterable[type[models.Model]]) -> set[tuple[str, str]]:
    return {
        (table._meta.label_lower, field.name)
        for table in tables
        if not table._meta.proxy
        for field in [*table._meta.get_fields()]
        if field.is_relation and not field.auto_created and field.related_model is target
    }


def unruled(tables: Iterable[type[models.Model]], rules: Iterable[Carried | Stays]) -> set[tuple[str, str]]:
    return links_to(Client, tables) - {(rule.label, rule.column) for rule in rules}


@pytest.mark.req("CLI-32")
def test_every_link_to_a_client_has_a_rule() -> None:
    tables = apps.get_models(include_auto_created=True)
    assert unruled(tables, merge_rules) == set()
    assert {(rule.label, rule.column) for rule in merge_rules} == links_to(Client, tables)


def test_an_unknown_link_is_found() -> None:
    isolated = Apps()

    class Invoice(models.Model):
        client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
        payer = models.OneToOneField(Client, on_delete=models.PROTECT, related_name="+")

        class Meta:
            app_label = "commerce"
            apps = isolated

    assert unruled([Invoice], merge_rules) == {("commerce.invoice", "client"), ("commerce.invoice", "payer")}


def test_rows_that_move_say_whether_they_move_together() -> None:
    moving = {rule.model for rule in carried() if rule.column == "client"}
    for rule in carried():
        if rule.column == "client":
            between = {name for target in moving for _, name in links_to(target, [rule.model])} - {rule.column}
            assert between == {*rule.ties, *rule.loose}, rule.label


@pytest.mark.django_db
def test_every_moving_table_is_closed_for_merged_clients() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'refuse_merged'")
        closed = {table for (table,) in cursor.fetchall()}
    assert {rule.model._meta.db_table for rule in carried() if rule.column == "client"} <= closed


def test_every_column_of_a_client_is_weighed_once_or_not_at_all() -> None:
    weighed = [name for block in BLOCKS for name in block.fields]
    assert len(weighed) == len(set(weighed))
    assert set(weighed) | UNWEIGHED == {field.name for field in Client._meta.concrete_fields}
    assert not set(weighed) & UNWEIGHED

"""A statement that was written once answers as the queryset that it was written from."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from extrabat.lib.compiled import Compiled
from settings_app.models import User
from tests.factories import make_user

pytestmark = pytest.mark.django_db

FRAMED = Compiled(lambda key: User.objects.with_frame().filter(pk=key, is_active=True))


def test_a_record_is_what_the_queryset_gives() -> None:
    for person in (make_user(), make_user()):
        ours, theirs = FRAMED.first(person.pk), User.objects.with_frame().get(pk=person.pk)
        assert ours is not None
        assert type(ours) is User
        assert not ours._state.adding
        assert {name: value for name, value in vars(ours).items() if name != "_state"} == {
            name: value for name, value in vars(theirs).items() if name != "_state"
        }
        assert ours.store == theirs.store
        assert ours.get_deferred_fields() == theirs.get_deferred_fields()


def test_it_asks_once_and_keeps_no_answer() -> None:
    person = make_user()
    FRAMED.first(person.pk)
    with CaptureQueriesContext(connection) as asked:
        assert FRAMED.first(person.pk) == person
    assert len(asked) == 1
    User.objects.filter(pk=person.pk).update(last_name="Girard")
    renamed = FRAMED.first(person.pk)
    assert renamed is not None
    assert renamed.last_name == "Girard"
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert FRAMED.first(person.pk) is None

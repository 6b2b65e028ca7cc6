"""The client in short, beside the results of a search: what it tells, and to whom."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client as Browser
from pytest_django.asserts import assertNumQueries

from clients.actions.followups import add_follow_up, add_note
from clients.models import FollowUp
from settings_app.models import Status
from settings_app.users.rights import SALES
from tests.factories import make_address, make_client, make_user

pytestmark = pytest.mark.django_db


def test_it_tells_where_he_stands_and_what_happened_last(client: Browser) -> None:
    nadia = make_user()
    blocked = {"is_blocked": True, "finance_comment": "Impayé"}
    fabre = make_client(last_name="Fabre", code="C-17", mobile_1="+33639981427", is_urssaf=True, **blocked)
    make_address(client=fabre)
    for text, on in (("Rappeler", date(2020, 1, 2)), ("Écrire", None), ("Fait", date(2020, 1, 2))):
        more: Any = {"assigned_to": nadia, "shared_with": [], "by": nadia, "token": str(uuid4())}
        add_follow_up(fabre, text=text, alert_on=on, **more)
    for number in range(4):
        add_note(fabre, text=f"Note {number}", by=nadia, token=str(uuid4()))
    FollowUp.objects.filter(text="Fait").update(done_at="2020-01-03T00:00:00Z", done_by=nadia)
    client.force_login(nadia)
    page = client.get("/recherche/", {"q": "fab"}, follow=False, headers={"HX-Request": "true"}).content.decode()
    assert f'data-preview="/clients/{fabre.pk}/apercu/"' in page
    # One more is the look of people, read once for the whole page.
    with assertNumQueries(8):
        told = client.get(f"/clients/{fabre.pk}/apercu/").content.decode()
    assert "<html" not in told
    for words in ("FABRE Hélène", "C-17, Prospect", "210 route de Grambois", "tel:+33639981427", "<b>Impayé</b>"):
        assert words in told
    assert "URSSAF\u00a0: incomplet." in told
    assert '<b>2\u00a0actions</b>, dont <b class="late">1 en retard</b>' in told
    assert [f"Note {number}" in told for number in range(4)] == [False, True, True, True]
    assert f'href="/clients/{fabre.pk}/modifier/"' in told
    client.force_login(make_user("Technicien"))
    assert client.get(f"/clients/{fabre.pk}/apercu/").status_code == 404


def test_a_restricted_client_has_no_preview_for_who_may_not_see_him(client: Browser) -> None:
    hidden = make_client(status=Status.objects.create(label="Confidentiel", is_restricted=True))
    client.force_login(make_user(SALES))
    assert client.get(f"/clients/{hidden.pk}/apercu/").status_code == 404
    client.force_login(make_user())
    assert "Confidentiel" in client.get(f"/clients/{hidden.pk}/apercu/").content.decode()

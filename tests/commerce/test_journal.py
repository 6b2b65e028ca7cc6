"""What a client's own journal tells of his documents."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client as Browser

from commerce.actions.documents import delete_draft
from settings_app.models import AuditEntry
from tests.commerce.papers import add, make_document
from tests.factories import make_client, make_user

pytestmark = pytest.mark.django_db


def test_his_documents_and_their_lines_are_in_his_journal(client: Browser) -> None:
    user = make_user("Administrateur")
    client.force_login(user)
    row, other = make_client(), make_client()
    quote = make_document(client=row, by=user, title="Rénovation du liner")
    add(quote, label="Liner gris anthracite")
    make_document(client=other, by=user, title="Autre chantier")
    gone = make_document(client=row, by=user, title="Devis abandonné")
    delete_draft(gone.pk, by=user)
    page = client.get(f"/clients/{row.pk}/modifications/").content.decode()
    assert [one for one in ("Rénovation du liner", "Liner gris anthracite", "Devis abandonné") if one not in page] == []
    assert "Autre chantier" not in page
    # The law has them kept: erasing what the trail says of a person leaves them.
    client.post(f"/clients/{row.pk}/modifications/effacer/", {"reason": "demande du 12/11/2026", "token": "t" * 36})
    kept = AuditEntry.objects.filter(model="commerce.document", object_key=str(quote.pk), verb="create")
    assert [line.after["title"] for line in kept if line.after and "title" in line.after] == ["Rénovation du liner"]


def test_who_may_not_see_prices_reads_none_of_them(client: Browser) -> None:
    user = make_user("Administrateur")
    row = make_client()
    gone = make_document(client=row, by=user, title="Devis abandonné")
    make_document(client=row, by=user, title="Rénovation du liner")
    delete_draft(gone.pk, by=user)
    group = Group.objects.get(name="Administrateur")
    group.permissions.remove(group.permissions.get(codename="see_prices"))
    client.force_login(user)
    page = client.get(f"/clients/{row.pk}/modifications/")
    assert page.status_code == 200
    assert not [one for one in ("Rénovation du liner", "Devis abandonné") if one in page.content.decode()]

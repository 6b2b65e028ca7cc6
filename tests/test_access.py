"""Every address × who asks. An address that this table does not list fails the test."""

import uuid
from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Q
from django.test import Client as Browser
from django.urls import URLPattern, URLResolver, get_resolver

from clients.access import own_clients
from clients.actions.previews import make_previews
from clients.models import (
    BulkChange,
    Client,
    CustomQuestion,
    Equipment,
    ExportJob,
    Folder,
    FollowUp,
    Installation,
    Merge,
    SavedFilter,
)
from commerce.models import Allocation, VatPeriod
from settings_app.models import Picture, Status, Store, User
from settings_app.users.rights import RIGHTS, ROLES
from tests.commerce.papers import add as add_line
from tests.commerce.papers import make_document
from tests.commerce.records import make_assembly
from tests.commerce.test_payments import billed, pay
from tests.factories import make_address, make_client, make_file, make_user

pytestmark = pytest.mark.django_db

ADMIN, OFFICE, SALES, TECH = "Administrateur", "Bureau", "Commercial", "Technicien"
# A page that is only read, or only written, refuses the other verb before it looks for anything.
READ_ONLY = {
    "clients/<int:pk>/",
    "clients/<int:pk>/historique/",
    "clients/<int:pk>/apercu/",
    "clients/<int:pk>/modifications/",
    "clients/<int:pk>/panneau/<slug:name>/",
    "clients/<int:pk>/ouvrages/",
    "clients/<int:pk>/urssaf/",
    "pieces/clients/<int:pk>/",
    "reglements/clients/<int:pk>/",
}
EVERYBODY = {ADMIN, OFFICE, SALES, TECH}
NOT_TECH = EVERYBODY - {TECH}

# route: (method, who may, the answer to them). Written from requirements §18.
OPEN = {
    "connexion/": 200,
    "connexion/verification/": 302,
    "connexion/cle/": 200,
    "compte-desactive/": 200,
    "bienvenue/<str:uid>/<str:token>/": 404,
    "mot-de-passe-oublie/": 200,
    "admin/login/": 302,
    "sante/": 503,
}
TABLE: dict[str, tuple[str, set[str], int]] = {
    "": ("get", EVERYBODY, 200),
    "recherche/": ("get", EVERYBODY, 200),
    "deconnexion/": ("get", EVERYBODY, 200),
    "compte/securite/": ("get", EVERYBODY, 200),
    "compte/confirmer/": ("get", EVERYBODY, 200),
    "compte/mot-de-passe/": ("get", EVERYBODY, 200),
    # Whoever signed in longer ago says first who he is; a form that came too late is carried by the page that asks.
    "compte/securite/application/": ("get", EVERYBODY, 302),
    "compte/securite/application/retirer/": ("get", EVERYBODY, 302),
    "compte/securite/cles/ajouter/": ("get", EVERYBODY, 302),
    "compte/securite/cles/<int:key>/": ("get", EVERYBODY, 302),
    "compte/securite/cles/<int:key>/retirer/": ("get", EVERYBODY, 302),
    "compte/securite/codes/": ("get", EVERYBODY, 302),
    "compte/securite/codes/renouveler/": ("get", EVERYBODY, 302),
    "parametres/utilisateurs/<int:person>/facteurs/": ("post", {ADMIN}, 401),
    "clients/": ("get", EVERYBODY, 200),
    "clients/nombre/": ("get", EVERYBODY, 200),
    "clients/export/": ("get", {ADMIN, OFFICE}, 200),
    "clients/colonnes/": ("get", EVERYBODY, 200),
    "clients/filtres/": ("get", EVERYBODY, 200),
    "clients/filtres/<int:saved>/": ("post", {ADMIN}, 302),
    "clients/lot/": ("post", NOT_TECH, 302),
    "clients/lot/appliquer/": ("post", NOT_TECH, 302),
    "clients/lots/": ("get", NOT_TECH, 200),
    "clients/lots/<int:change>/": ("get", NOT_TECH, 200),
    "clients/lots/<int:change>/annuler/": ("post", NOT_TECH, 302),
    "clients/exports/": ("get", {ADMIN, OFFICE}, 200),
    # A job is its author's alone.
    "clients/exports/<int:job>/": ("get", {ADMIN, OFFICE}, 404),
    "clients/exports/<int:job>/fichier/": ("get", {ADMIN, OFFICE}, 404),
    "clients/corbeille/": ("get", NOT_TECH, 200),
    "clients/<int:pk>/fusionner/": ("get", {ADMIN, OFFICE}, 200),
    "clients/fusions/<int:merge>/": ("get", {ADMIN, OFFICE}, 200),
    "clients/fusions/<int:merge>/annuler/": ("post", {ADMIN, OFFICE}, 302),
    "clients/<int:pk>/restaurer/": ("get", NOT_TECH, 200),
    "clients/lieux/communes/": ("get", NOT_TECH, 200),
    "clients/lieux/adresses/": ("get", NOT_TECH, 200),
    "clients/lieux/entreprises/": ("get", NOT_TECH, 200),
    "clients/apporteurs/": ("get", NOT_TECH, 200),
    "clients/doublons/": ("post", NOT_TECH, 200),
    "clients/nouveau/": ("get", NOT_TECH, 200),
    "clients/<int:pk>/": ("get", EVERYBODY, 200),
    "clients/<int:pk>/historique/": ("get", EVERYBODY, 200),
    "clients/<int:pk>/apercu/": ("get", EVERYBODY, 200),
    "clients/<int:pk>/modifications/": ("get", {ADMIN}, 200),
    "clients/<int:pk>/modifications/effacer/": ("get", {ADMIN}, 200),
    "clients/<int:pk>/panneau/<slug:name>/": ("get", EVERYBODY, 404),
    "clients/<int:pk>/statut/": ("post", NOT_TECH, 409),
    "clients/<int:pk>/notes/": ("post", NOT_TECH, 302),
    "clients/<int:pk>/actions/": ("post", NOT_TECH, 422),
    "clients/<int:pk>/actions/<int:key>/": ("post", NOT_TECH, 302),
    "clients/<int:pk>/ouvrages/": ("get", EVERYBODY, 200),
    "clients/<int:pk>/ouvrages/ajouter/": ("get", NOT_TECH, 200),
    "clients/<int:pk>/ouvrages/<int:key>/": ("get", NOT_TECH, 200),
    "clients/<int:pk>/ouvrages/<int:key>/supprimer/": ("post", NOT_TECH, 302),
    "clients/<int:pk>/ouvrages/<int:key>/equipements/ajouter/": ("get", NOT_TECH, 200),
    "clients/<int:pk>/ouvrages/<int:key>/equipements/<int:piece>/": ("get", NOT_TECH, 200),
    "clients/<int:pk>/ouvrages/<int:key>/equipements/<int:piece>/retirer/": ("post", NOT_TECH, 302),
    "clients/<int:pk>/modifier/": ("get", NOT_TECH, 200),
    "clients/<int:pk>/consentements/": ("get", NOT_TECH, 200),
    "clients/<int:pk>/urssaf/": ("get", NOT_TECH, 200),
    "clients/<int:pk>/documents/": ("get", EVERYBODY, 200),
    "clients/<int:pk>/documents/selection/": ("get", NOT_TECH, 200),
    "clients/<int:pk>/documents/dossiers/": ("get", NOT_TECH, 200),
    "clients/<int:pk>/documents/dossiers/<int:folder>/": ("get", NOT_TECH, 200),
    "clients/<int:pk>/documents/<int:file>/": ("get", EVERYBODY, 200),
    "clients/<int:pk>/documents/<int:file>/apercu/": ("get", EVERYBODY, 200),
    "clients/<int:pk>/documents/<int:file>/vignette/": ("get", EVERYBODY, 200),
    "clients/<int:pk>/documents/<int:file>/modifier/": ("get", NOT_TECH, 200),
    "documents/": ("get", EVERYBODY, 200),
    "articles/": ("get", EVERYBODY, 200),
    "articles/nombre/": ("get", EVERYBODY, 200),
    "articles/export/": ("get", {ADMIN, OFFICE}, 200),
    "articles/propositions/": ("get", EVERYBODY, 200),
    "articles/nouveau/": ("get", {ADMIN, OFFICE}, 200),
    "articles/<int:article>/": ("get", EVERYBODY, 200),
    "articles/<int:article>/modifier/": ("get", {ADMIN, OFFICE}, 200),
    "articles/<int:article>/activer/": ("post", {ADMIN, OFFICE}, 302),
    "articles/<int:article>/supprimer/": ("get", {ADMIN, OFFICE}, 200),
    "articles/<int:article>/tarifs/": ("post", {ADMIN, OFFICE}, 302),
    "articles/<int:article>/composants/": ("post", {ADMIN, OFFICE}, 422),
    "articles/<int:article>/composants/ordre/": ("post", {ADMIN, OFFICE}, 302),
    "articles/<int:article>/composants/<int:part>/": ("post", {ADMIN, OFFICE}, 409),
    "articles/<int:article>/composants/<int:part>/retirer/": ("post", {ADMIN, OFFICE}, 302),
    "pieces/": ("get", NOT_TECH, 200),
    "pieces/colonnes/": ("get", NOT_TECH, 200),
    "pieces/nombre/": ("get", NOT_TECH, 200),
    "pieces/export/": ("get", {ADMIN, OFFICE}, 200),
    "pieces/nouvelle/": ("get", NOT_TECH, 200),
    "pieces/imprimer/": ("post", NOT_TECH, 409),
    "pieces/impressions/": ("get", NOT_TECH, 200),
    # A job is its author's alone.
    "pieces/impressions/<int:job>/": ("get", NOT_TECH, 404),
    "pieces/impressions/<int:job>/fichier/": ("get", NOT_TECH, 404),
    "pieces/clients/<int:pk>/": ("get", NOT_TECH, 200),
    "pieces/<int:document>/": ("get", NOT_TECH, 200),
    "pieces/<int:document>/pdf/": ("get", NOT_TECH, 200),
    "pieces/<int:document>/entete/": ("get", NOT_TECH, 200),
    "pieces/<int:document>/etat/": ("post", NOT_TECH, 409),
    "pieces/<int:document>/valider/": ("get", NOT_TECH, 200),
    "parametres/conditions/": ("get", {ADMIN}, 200),
    "parametres/conditions/mentions/<str:code>/<str:language>/": ("post", {ADMIN}, 404),
    "parametres/conditions/textes/<int:text>/retirer/": ("post", {ADMIN}, 404),
    "pieces/<int:document>/reglements/": ("get", {ADMIN, OFFICE}, 302),
    "reglements/": ("get", NOT_TECH, 200),
    "reglements/clients/<int:pk>/": ("get", NOT_TECH, 200),
    "reglements/clients/<int:pk>/nouveau/": ("get", {ADMIN, OFFICE}, 200),
    "reglements/clients/<int:pk>/lettrer/<str:source>/<int:key>/": ("get", {ADMIN, OFFICE}, 200),
    "reglements/lettrages/<int:allocation>/delettrer/": ("post", {ADMIN, OFFICE}, 302),
    "reglements/<int:payment>/contrepasser/": ("get", {ADMIN}, 200),
    "pieces/<int:document>/acompte/": ("get", NOT_TECH, 200),
    "pieces/<int:document>/acomptes/<int:deposit>/": ("post", NOT_TECH, 409),
    "pieces/<int:document>/transformer/<str:kind>/": ("get", NOT_TECH, 200),
    "pieces/<int:document>/dupliquer/": ("post", NOT_TECH, 302),
    "pieces/<int:document>/supprimer/": ("get", NOT_TECH, 200),
    "pieces/<int:document>/totaux/": ("get", NOT_TECH, 302),
    "pieces/<int:document>/coller/": ("get", NOT_TECH, 200),
    "pieces/<int:document>/lignes/": ("post", NOT_TECH, 422),
    "pieces/<int:document>/lignes/<int:line>/": ("get", NOT_TECH, 200),
    "pieces/<int:document>/lignes/ordre/": ("post", NOT_TECH, 302),
    "pieces/<int:document>/lignes/retablir/": ("post", NOT_TECH, 409),
    "pieces/<int:document>/lignes/<int:line>/retirer/": ("post", NOT_TECH, 302),
    "parametres/tva/": ("get", {ADMIN}, 200),
    "parametres/tva/<int:rate>/": ("get", {ADMIN}, 200),
    "parametres/tva/periodes/<int:period>/retirer/": ("post", {ADMIN}, 409),
    "parametres/": ("get", {ADMIN}, 302),
    "parametres/societe/": ("get", {ADMIN}, 200),
    "parametres/societe/logo/": ("post", {ADMIN}, 422),
    "parametres/audit/": ("get", {ADMIN}, 200),
    "parametres/audit/export/": ("get", {ADMIN}, 200),
    "parametres/audit/<str:kind>/<int:record>/": ("get", {ADMIN}, 200),
    "parametres/audit/<str:kind>/<int:record>/effacer/": ("get", {ADMIN}, 200),
    "parametres/magasin/": ("get", {ADMIN}, 200),
    "parametres/magasins/": ("get", {ADMIN}, 200),
    "parametres/magasins/ajouter/": ("get", {ADMIN}, 200),
    "parametres/magasins/<int:store>/modifier/": ("get", {ADMIN}, 200),
    "parametres/magasins/<int:store>/desactiver/": ("get", {ADMIN}, 200),
    "parametres/magasins/<int:store>/rouvrir/": ("post", {ADMIN}, 302),
    "parametres/utilisateurs/": ("get", {ADMIN}, 200),
    "parametres/utilisateurs/ajouter/": ("get", {ADMIN}, 200),
    "parametres/utilisateurs/export/": ("get", {ADMIN}, 200),
    "parametres/utilisateurs/<int:person>/": ("get", {ADMIN}, 200),
    "parametres/utilisateurs/<int:person>/lien/": ("post", {ADMIN}, 200),
    "parametres/utilisateurs/<int:person>/depart/": ("get", {ADMIN}, 200),
    "parametres/utilisateurs/<int:person>/retour/": ("post", {ADMIN}, 409),
    "parametres/utilisateurs/<int:person>/deconnecter/": ("post", {ADMIN}, 302),
    "parametres/roles/": ("get", {ADMIN}, 200),
    "parametres/roles/ajouter/": ("get", {ADMIN}, 200),
    "parametres/roles/<int:role>/": ("get", {ADMIN}, 200),
    "parametres/roles/<int:role>/supprimer/": ("get", {ADMIN}, 200),
    "parametres/listes/<slug:table>/": ("get", {ADMIN}, 200),
    "parametres/listes/<slug:table>/ajouter/": ("get", {ADMIN}, 200),
    "parametres/listes/<slug:table>/ordre/": ("post", {ADMIN}, 302),
    "parametres/listes/<slug:table>/<int:value>/modifier/": ("get", {ADMIN}, 200),
    "parametres/listes/<slug:table>/<int:value>/fusionner/": ("get", {ADMIN}, 200),
    "parametres/listes/<slug:table>/<int:value>/supprimer/": ("get", {ADMIN}, 200),
    "parametres/questions/": ("get", {ADMIN}, 200),
    "parametres/questions/ajouter/": ("get", {ADMIN}, 200),
    "parametres/questions/ordre/": ("post", {ADMIN}, 302),
    "parametres/questions/<int:question>/modifier/": ("get", {ADMIN}, 200),
    "parametres/questions/<int:question>/supprimer/": ("get", {ADMIN}, 200),
    "preferences/": ("get", EVERYBODY, 200),
    "preferences/listes/<slug:preference>/": ("get", EVERYBODY, 200),
    "preferences/connexions/": ("get", EVERYBODY, 200),
    "preferences/theme/": ("post", EVERYBODY, 302),
    "preferences/images/<slug:kind>/": ("post", EVERYBODY, 422),
    "images/<int:picture>/": ("get", EVERYBODY, 200),
}


def routes(patterns: list[URLPattern | URLResolver] | None = None, prefix: str = "") -> Iterator[str]:
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, path)
        else:
            yield path


def path_of(route: str, client: Client) -> str:
    """The route's address for this client; what else it names is his, made when it is not there yet."""
    filled = route.replace("<int:pk>", str(client.pk)).replace("<str:uid>", "MQ").replace("<str:token>", "x-y")
    filled = filled.replace("<slug:table>", "civilites").replace("<int:value>", str(client.civility_id))
    if "<int:article>" in filled:
        room, part = make_assembly()
        filled = filled.replace("<int:article>", str(room.pk)).replace("<int:part>", str(part.pk))
    if "<int:document>" in filled:
        paper = make_document(client=client)
        filled = filled.replace("<int:document>", str(paper.pk)).replace("<str:kind>", "order")
        filled = filled.replace("<int:line>", str(add_line(paper).pk)).replace("<int:deposit>", "1")
    if route.startswith("reglements/") and ("<int:key>" in filled or "<int:payment>" in filled):
        key = str(pay(client, "10").pk)
        filled = filled.replace("<str:source>", "reglement").replace("<int:key>", key).replace("<int:payment>", key)
    if "<int:allocation>" in filled:
        invoice = billed(client)
        pay(client, "10", {invoice.pk: "10"})
        filled = filled.replace("<int:allocation>", str(Allocation.objects.get(invoice=invoice).pk))
    filled = filled.replace("<str:code>", "autre").replace("<str:language>", "fr").replace("<int:text>", "999999")
    if "<int:period>" in filled or "<int:rate>" in filled:
        period = VatPeriod.objects.earliest("pk")
        filled = filled.replace("<int:period>", str(period.pk)).replace("<int:rate>", str(period.rate_id))
    filled = filled.replace("<str:kind>", "clients.client").replace("<int:record>", str(client.pk))
    if "<int:saved>" in filled:
        saved = SavedFilter.objects.create(user=make_user(), name="Prospects", query="", is_shared=True)
        filled = filled.replace("<int:saved>", str(saved.pk))
    if "<int:change>" in filled:
        change = BulkChange.objects.create(by=make_user(), field="grouping", value_label="aucun")
        filled = filled.replace("<int:change>", str(change.pk))
    if "<int:merge>" in filled:
        merge = Merge.objects.create(by=make_user(), kept=client, absorbed=make_client(), previous_status=client.status)
        filled = filled.replace("<int:merge>", str(merge.pk))
    if "<int:job>" in filled:
        job = ExportJob.objects.create(asked_by=make_user(ADMIN), format="csv", columns=[], state="done")
        filled = filled.replace("<int:job>", str(job.pk))
    if "<int:question>" in filled:
        question, _ = CustomQuestion.objects.get_or_create(label="Un chien ?")
        filled = filled.replace("<int:question>", str(question.pk))
    filled = (
        filled.replace("<slug:name>", "aucun")
        .replace("<slug:kind>", "photo")
        .replace("<slug:preference>", "search-entries")
    )
    if "<int:person>" in filled:
        filled = filled.replace("<int:person>", str(make_user().pk))
    filled = filled.replace("<int:role>", str(Group.objects.get(name=SALES).pk))
    if "<int:store>" in filled:
        filled = filled.replace("<int:store>", str(Store.objects.earliest("pk").pk))
    if "<int:picture>" in filled:
        logo = Picture.objects.create(kind="logo", content=b"", content_type="image/png")
        filled = filled.replace("<int:picture>", str(logo.pk))
    if "actions/<int:key>" in filled:
        person = User.objects.first() or make_user()
        row, _ = FollowUp.objects.get_or_create(client=client, text="Rappeler", assigned_to=person, created_by=person)
        filled = filled.replace("<int:key>", str(row.pk))
    if "<int:key>" in filled:
        pool, _ = Installation.objects.get_or_create(client=client, name="Piscine")
        pump, _ = Equipment.objects.get_or_create(installation=pool, label="Pompe")
        filled = filled.replace("<int:key>", str(pool.pk)).replace("<int:piece>", str(pump.pk))
    if "<int:folder>" in filled:
        folder, _ = Folder.objects.get_or_create(client=client, name="Plans")
        filled = filled.replace("<int:folder>", str(folder.pk))
    if "<int:file>" in filled:
        file = client.files.first() or make_file(client)
        make_previews()
        filled = filled.replace("<int:file>", str(file.pk))
    return f"/{filled}"


@pytest.fixture
def mine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """A client whom everybody may see, the technician because he has an appointment there."""
    client = make_client(last_name="Fabre", is_urssaf=True)
    make_address(client=client)

    def source(user: User) -> Q:
        return Q(pk=client.pk)

    own_clients.add(source)
    yield client
    own_clients.remove(source.__qualname__)


def test_the_table_lists_every_address() -> None:
    house = {route for route in routes() if not route.startswith("admin/") or route == "admin/login/"}
    assert house == set(TABLE) | set(OPEN)


@pytest.mark.parametrize("route", TABLE)
def test_a_stranger_is_sent_to_the_door(client: Browser, mine: Client, route: str) -> None:
    method, _, _ = TABLE[route]
    response = getattr(client, method)(path_of(route, mine))
    if route == "deconnexion/":
        assert response.status_code in (200, 302)
        return
    assert response.status_code == 302
    assert response["Location"].startswith("/connexion/?next=/")


@pytest.mark.parametrize("route", [route for route in TABLE if route != "deconnexion/"])
def test_a_fragment_s_request_of_a_stranger_sends_the_page_to_the_door(
    client: Browser, mine: Client, route: str
) -> None:
    method, _, _ = TABLE[route]
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/clients/?q=a"}
    response = getattr(client, method)(path_of(route, mine), headers=headers)
    assert response.status_code == 401
    assert response["HX-Redirect"] == "/connexion/?next=%2Fclients%2F%3Fq%3Da"


@pytest.mark.parametrize(("route", "status"), OPEN.items())
def test_what_is_open_is_open(client: Browser, mine: Client, route: str, status: int) -> None:
    assert client.get(path_of(route, mine)).status_code == status


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("route", TABLE)
def test_each_role_gets_what_the_table_says(client: Browser, mine: Client, route: str, role: str) -> None:
    method, roles, status = TABLE[route]
    client.force_login(make_user(role))
    response = getattr(client, method)(path_of(route, mine), {"theme": "dark"} if method == "post" else {})
    assert response.status_code == (status if role in roles else 403)


@pytest.mark.parametrize("route", [route for route in TABLE if "<int:pk>" in route])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_client_whom_one_may_not_see_does_not_exist(client: Browser, mine: Client, route: str, method: str) -> None:
    """404, not 403: that a client exists is already something to know."""
    restricted = Status.objects.create(label="Confidentiel", is_restricted=True)
    hidden = make_client(last_name="Secret", status=restricted, is_urssaf=True)
    # Every right but that one: no other refusal may stand before it.
    admins = Group.objects.get(name=ADMIN)
    admins.permissions.remove(admins.permissions.get(codename="see_restricted_clients"))
    client.force_login(make_user(ADMIN))
    wrong_verb = route in READ_ONLY if method == "post" else TABLE[route][0] == "post"
    status = 405 if wrong_verb else 404
    assert getattr(client, method)(path_of(route, hidden)).status_code == status
    nobody = path_of(route, hidden).replace(f"/{hidden.pk}/", "/999999/", 1)
    assert getattr(client, method)(nobody).status_code == status
    if TABLE[route][0] == "get" and OFFICE in TABLE[route][1]:
        client.force_login(make_user(OFFICE))
        assert client.get(path_of(route, hidden)).status_code == TABLE[route][2]


@pytest.mark.parametrize("route", [route for route in TABLE if "<int:document>" in route])
def test_a_document_of_a_client_whom_one_may_not_see_does_not_exist(client: Browser, route: str) -> None:
    restricted = Status.objects.create(label="Confidentiel", is_restricted=True)
    path = path_of(route, make_client(status=restricted))
    method = TABLE[route][0]
    client.force_login(make_user(SALES))
    assert getattr(client, method)(path).status_code == (404 if SALES in TABLE[route][1] else 403)
    client.force_login(make_user(OFFICE))
    assert getattr(client, method)(path).status_code == TABLE[route][2]


@pytest.mark.parametrize("path", ["/clients/", "/clients/nombre/", "/recherche/?q=secret", "/", "/clients/?q=secret"])
def test_a_hidden_client_is_in_no_list_count_or_hit(client: Browser, path: str) -> None:
    restricted = Status.objects.create(label="Confidentiel", is_restricted=True)
    make_client(last_name="Secret", status=restricted)
    client.force_login(make_user(SALES))
    page = client.get(path).content.decode()
    assert "SECRET" not in page
    assert "Confidentiel" not in page
    if "nombre" in path:
        assert "0\u00a0client" in page


def test_the_export_holds_only_what_one_sees(client: Browser) -> None:
    restricted = Status.objects.create(label="Confidentiel", is_restricted=True)
    make_client(last_name="Secret", status=restricted)
    user = make_user(SALES)
    Group.objects.get(name=SALES).permissions.add(*Group.objects.get(name=OFFICE).permissions.filter(codename="export"))
    client.force_login(user)
    body = b"".join(client.get("/clients/export/").streaming_content)  # type: ignore[attr-defined]
    assert b"Secret" not in body


def test_a_technician_without_appointments_sees_nobody(client: Browser) -> None:
    other = make_client()
    client.force_login(make_user(TECH))
    assert client.get(f"/clients/{other.pk}/").status_code == 404
    assert "Aucun client à voir." in client.get("/clients/").content.decode()


def test_the_roles_begin_as_the_requirements_say() -> None:
    """requirements §18, by hand: how many rights each role holds, and some that matter."""
    held = {role: {p.codename for p in Group.objects.get(name=role).permissions.all()} for role in ROLES}
    assert {role: len(rights) for role, rights in held.items()} == {ADMIN: 23, OFFICE: 16, SALES: 6, TECH: 2}
    assert held[TECH] == {"see_own_clients", "change_client_reach"}
    assert "see_iban" in held[OFFICE]
    assert "see_iban" not in held[SALES]
    assert "reverse_payments" not in held[OFFICE]
    assert len(RIGHTS) == 23


def test_a_right_that_is_taken_away_closes_the_page(client: Browser) -> None:
    client.force_login(make_user(OFFICE))
    assert client.get("/clients/export/").status_code == 200
    Group.objects.get(name=OFFICE).permissions.remove(
        *Group.objects.get(name=OFFICE).permissions.filter(codename="export")
    )
    assert client.get("/clients/export/").status_code == 403
    assert "Exporter" not in client.get("/clients/").content.decode()


# What closes with a right, page by page: from requirements §18 and the table above, by hand.
CLOSED_WITH = {
    "see_all_clients": {"clients/<int:pk>/", "clients/<int:pk>/historique/", "clients/<int:pk>/documents/"},
    "change_clients": {
        route for route, (_, roles, _) in TABLE.items() if roles == NOT_TECH and route.startswith("clients/")
    },
    "merge_clients": {
        route for route in TABLE if route.startswith(("clients/fusions/", "clients/<int:pk>/fusionner/"))
    },
    "change_catalogue": {
        route
        for route, (_, roles, _) in TABLE.items()
        if route.startswith("articles/") and roles == {ADMIN, OFFICE} and "export" not in route
    },
    "export": {route for route in TABLE if "export" in route},
    "record_payments": {
        route for route, (_, roles, _) in TABLE.items() if "reglements/" in route and roles == {ADMIN, OFFICE}
    },
    "reverse_payments": {"reglements/<int:payment>/contrepasser/"},
    "manage_users": {route for route in TABLE if route.startswith(("parametres/utilisateurs/", "parametres/roles/"))},
    "change_settings": {
        route
        for route in TABLE
        if route.startswith(("parametres/magasin/", "parametres/listes/", "parametres/questions/"))
    }
    | {"parametres/"},
}
IN_THE_ADMIN = {
    "change_settings": "/admin/settings_app/civility/",
    "manage_users": "/admin/settings_app/user/",
    "see_audit": "/admin/settings_app/auditentry/",
}


@pytest.fixture
def trial() -> Group:
    """A role with every right but that of the clients of one's appointments."""
    role = Group.objects.create(name="Essai")
    role.permissions.set(Group.objects.get(name=ADMIN).permissions.exclude(codename="see_own_clients"))
    return role


def by_the_screen(role: Group, code: str, *, has: bool) -> None:
    """Give or take a right as an administrator does."""
    box, browser = f"{role.pk}:{code}", Browser()
    browser.force_login(make_user(ADMIN))
    sent = {"right": [box], "seen": []} if has else {"right": [], "seen": [box]}
    assert browser.post("/parametres/roles/", sent).status_code == 302


@pytest.mark.parametrize("code", CLOSED_WITH)
def test_a_right_taken_by_the_screen_closes_its_addresses_and_given_opens_them(
    client: Browser, code: str, trial: Group
) -> None:
    """At the next request, in the session that is open: pages, fragments, files."""
    shut = 404 if code == "see_all_clients" else 403
    patient = make_client(last_name="Fabre", is_urssaf=True)
    make_address(client=patient)
    client.force_login(make_user(trial.name))
    fragment = {"HX-Request": "true"}
    for has in (True, False, True):
        by_the_screen(trial, code, has=has)
        for route in sorted(CLOSED_WITH[code]):
            ask = getattr(client, TABLE[route][0])
            path = path_of(route, patient)
            statuses = {ask(path).status_code, ask(path_of(route, patient), headers=fragment).status_code}
            if has:
                assert statuses.isdisjoint({403, 405, shut}), route
            else:
                assert statuses == {shut}, route


@pytest.mark.parametrize("code", IN_THE_ADMIN)
def test_the_admin_closes_and_opens_with_the_right(client: Browser, code: str, trial: Group) -> None:
    client.force_login(make_user(trial.name))
    for has in (True, False, True):
        by_the_screen(trial, code, has=has)
        assert client.get(IN_THE_ADMIN[code]).status_code == (200 if has else 403), has
    for other in IN_THE_ADMIN:
        by_the_screen(trial, other, has=False)
    # Refused, and not sent to and fro between two doors.
    refused = client.get("/admin/", follow=True)
    assert (refused.status_code, refused.redirect_chain[-1]) == (403, ("/admin/login/?next=/admin/", 302))
    assert "/admin/" not in client.get("/").content.decode()


@pytest.mark.parametrize("route", [route for route, (method, _, _) in TABLE.items() if method == "get"])
def test_reading_pages_refuse_other_verbs(client: Browser, mine: Client, route: str) -> None:
    client.force_login(make_user(ADMIN))
    assert client.delete(path_of(route, mine)).status_code == 405


def test_a_write_without_csrf_is_refused(mine: Client) -> None:
    strict = Browser(enforce_csrf_checks=True)
    strict.force_login(make_user(ADMIN))
    for path in ("/clients/nouveau/", f"/clients/{mine.pk}/modifier/", "/parametres/magasin/", "/preferences/"):
        response = strict.post(path, {"token": str(uuid.uuid4())})
        assert response.status_code == 403
        assert "rechargez-la avant" in response.content.decode()


@pytest.mark.parametrize("role", ROLES)
def test_the_admin_is_for_administrators(client: Browser, role: str) -> None:
    user = make_user(role, is_staff=role == ADMIN)
    client.force_login(user)
    for model in admin.site._registry:
        path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        assert client.get(path).status_code == (200 if role == ADMIN else 302), path

"""The demo company as load_demo leaves it: how many, the ugliest, and nothing that could reach anybody real."""

import re
from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count, F, Model
from django.test import Client as Browser

from clients.actions.previews import make_previews
from clients.domain.urssaf import UrssafAddress, UrssafRecord, strict_faults
from clients.models import (
    Address,
    Answer,
    Client,
    Consent,
    Contact,
    CustomQuestion,
    FollowUp,
    HistoryEntry,
    Installation,
    Kind,
    StoredFile,
)
from clients.places.communes import by_code
from extrabat.lib.identifiers import parse_siret, parse_vat
from settings_app.models import AuditEntry, Status, Store, User

pytestmark = pytest.mark.django_db

# Numbers that the French regulator keeps for fiction: nobody has them.
NOBODY_S = re.compile(r"\+3363998\d{4}|\+3319900\d{4}")


@pytest.fixture
def demo(db: None) -> None:
    call_command("load_demo", stdout=StringIO())


@pytest.mark.usefixtures("demo")
def test_a_company_of_two_stores_six_people_and_400_clients() -> None:
    assert Client.objects.count() == 400
    assert list(Store.objects.values_list("name", "city")) == [
        ("Rivage & Foyer Pertuis", "Pertuis"),
        ("Rivage & Foyer Manosque", "Manosque"),
    ]
    at = dict(User.objects.filter(is_demo=True).values_list("username", "store__city"))
    assert at == {
        "claire": "Pertuis",
        "nadia": "Pertuis",
        "karim": "Pertuis",
        "hugo": "Manosque",
        "julien": "Manosque",
        "sophie": "Manosque",
    }


@pytest.mark.usefixtures("demo")
def test_the_first_39_keep_their_places() -> None:
    keys = list(Client.objects.order_by("pk").values_list("pk", flat=True))
    in_order = [Client.objects.get(pk=keys[place - 1]) for place in (1, 31, 39)]
    assert [(row.last_name or row.company_name) for row in in_order] == [
        "Fabre",
        "de Montgolfier-Saint-Exupéry de la Tour du Pin Chambly-Lacharce",
        "Domaine viticole de la Bastide Haute et des Terres Rouges du Luberon Oriental",
    ]


@pytest.mark.usefixtures("demo")
def test_a_few_porte_docs_are_filled_and_every_file_opens() -> None:
    fabre = Client.objects.earliest("pk")
    assert fabre.files.count() == 9
    folders = dict(fabre.files.values_list("folder__name").annotate(Count("pk")))
    assert folders == {"Photos": 5, None: 2, "Plans": 2}
    assert fabre.files.filter(on_home=True).count() == 2
    assert [file.name for file in fabre.files.filter(is_restricted=True)] == ["Attestation d’entretien.pdf"]
    assert StoredFile.objects.values("client").distinct().count() == 5
    pictures = StoredFile.objects.filter(content_type="image/jpeg").count()
    assert make_previews() == pictures == 14
    assert sum(StoredFile.objects.values_list("size", flat=True)) < 1_000_000


@pytest.mark.usefixtures("demo")
def test_every_status_and_both_kinds_are_there() -> None:
    by_status = dict(Client.objects.values_list("status__label").annotate(Count("pk")))
    assert set(by_status) == set(Status.objects.values_list("label", flat=True))
    assert 3 <= by_status["Corbeille"] <= 20
    assert 10 <= by_status["Client archivé"] <= 50
    assert Client.objects.filter(kind=Kind.PROFESSIONAL).count() > 80
    assert Client.objects.filter(is_referred=True, referrer__isnull=False).exists()
    assert Client.objects.filter(is_referred=True, referrer=None).exclude(referrer_name="").exists()


@pytest.mark.usefixtures("demo")
def test_the_ugliest_are_there() -> None:
    clients = Client.objects.all()
    assert max(len(row.last_name) for row in clients) == 120
    assert clients.filter(last_name="<b>Gras</b>").count() == 1
    assert clients.filter(last_name="DUPRÉ DE LA TOURRETTE").count() == 1
    assert clients.filter(last_name="Martin", first_name="Jean").count() >= 3
    assert max(len(row.email) for row in clients) > 120
    assert clients.filter(is_blocked=True).exclude(finance_comment="").count() == 2
    nothing = clients.get(last_name="Rien")
    assert (nothing.email, nothing.reach, nothing.addresses.count()) == ("", [], 0)
    assert clients.annotate(held=Count("addresses")).get(held=9).addresses.filter(is_default=True).count() == 4
    assert clients.annotate(held=Count("contacts")).get(held=12).contacts.filter(is_main=True).count() == 1
    addresses = Address.objects.all()
    assert list(addresses.exclude(country="FR").values_list("city", "country")) == [("Liège", "BE")]
    assert set(addresses.filter(city_code__regex="^(2A|2B|97)").values_list("postcode", "city")) == {
        ("20000", "Ajaccio"),
        ("20200", "Bastia"),
        ("97460", "Saint-Paul"),
    }


def phones() -> Iterator[str]:
    for row in Client.objects.all():
        yield from (number for _, number in row.reach)
    for numbers in Contact.objects.values_list("phones", flat=True):
        yield from numbers
    yield from User.objects.exclude(mobile="").values_list("mobile", flat=True)
    yield from Store.objects.values_list("phone", flat=True)


def emails() -> Iterator[str]:
    for table in (Client, User, Store, Consent):
        yield from table._default_manager.exclude(email="").values_list("email", flat=True)
    for addresses in Contact.objects.values_list("emails", flat=True):
        yield from addresses


@pytest.mark.usefixtures("demo")
def test_no_number_and_no_address_reaches_anybody() -> None:
    numbers, addresses = list(phones()), list(emails())
    assert len(numbers) > 400
    assert [number for number in numbers if not NOBODY_S.fullmatch(number)] == []
    assert len(addresses) > 400
    assert [text for text in addresses if not text.endswith(("@exemple.fr", ".exemple.fr"))] == []


@pytest.mark.usefixtures("demo")
def test_postal_codes_communes_and_codes_agree_with_the_table() -> None:
    addresses = list(Address.objects.filter(country="FR"))
    assert len(addresses) > 450
    for address in addresses:
        commune = by_code(address.city_code)
        assert commune is not None, address
        assert (address.city, address.postcode in commune.postcodes) == (commune.name, True)
    assert len({address.city_code for address in addresses}) > 30
    assert {address.city_code[:2] for address in addresses} >= {"84", "04", "13", "26", "30"}
    placed = [address for address in addresses if address.latitude is not None]
    assert len(placed) > 300
    for address in placed:
        assert 43 < float(address.latitude or 0) < 45, address
        assert 4 < float(address.longitude or 0) < 7, address


@pytest.mark.usefixtures("demo")
def test_each_row_is_one_that_the_forms_would_take() -> None:
    """Written by COPY, they have met the database's rules only."""
    tables: tuple[type[Model], ...] = (Client, Address, Contact, Answer, Consent, HistoryEntry)
    for table in tables:
        relations = {field.name for field in table._meta.concrete_fields if field.is_relation}
        for row in table._default_manager.all():
            row.clean_fields(exclude=relations)
    for client in Client.objects.exclude(siret=""):
        assert parse_siret(client.siret) == client.siret
        assert client.siret.startswith("00099")
        assert client.vat_number in ("", parse_vat(client.vat_number or "FR03552081317"))
        assert client.vat_number[4:] in ("", client.siret[:9])
    for client in Client.objects.select_related("civility"):
        assert client.is_professional == client.civility.is_professional


@pytest.mark.usefixtures("demo")
def test_questions_answers_notes_and_consents_are_there() -> None:
    asked = list(CustomQuestion.objects.values_list("label", "type", "on_home"))
    assert asked == [
        ("Type de piscine", "choice", True),
        ("Volume du bassin (m³)", "number", True),
        ("Chien\u00a0?", "yes_no", True),
        ("Date de mise en eau", "date", False),
    ]
    pool = CustomQuestion.objects.earliest("position")
    assert set(Answer.objects.filter(question=pool).values_list("value", flat=True)) == set(pool.options)
    assert set(Answer.objects.filter(question__type="yes_no").values_list("value", flat=True)) == {True}
    assert HistoryEntry.objects.count() > 150
    assert HistoryEntry.objects.dates("at", "month").count() > 12
    assert set(Consent.objects.values_list("state", "source")) == {
        ("accepted", "office"),
        ("refused", "recipient"),
    }


def urssaf_record(client: Client) -> UrssafRecord:
    same = (
        *("gender", "last_name", "birth_name", "first_name", "birth_date", "birth_country", "birth_country_code"),
        *("birth_city", "birth_department", "email", "mobile_1", "iban", "bic", "account_holder", "wants_advance"),
    )
    places = ("number", "street", "complement", "postcode", "city", "city_code", "country_code")
    return UrssafRecord(
        civility=client.civility.label,
        addresses=tuple(UrssafAddress(**{n: getattr(row, n) for n in places}) for row in client.addresses.all()),
        service_nature=client.service_nature.label if client.service_nature else "",
        is_enrolled=client.enrolment != "none",
        enrolment_on=client.enrolment_on,
        **{name: getattr(client, name) for name in same},
    )


@pytest.mark.usefixtures("demo")
def test_six_urssaf_records_are_whole_and_three_are_not() -> None:
    from django.utils.timezone import localdate

    concerned = Client.objects.filter(is_urssaf=True).order_by("pk")
    faulty = {client.last_name: bool(strict_faults(urssaf_record(client), on=localdate())) for client in concerned}
    assert faulty == {
        "Sauvan": False,
        "Tamisier": False,
        "Peironne": False,
        "Vassal": False,
        "Chauvet-Rey": False,
        "Delcourt": False,
        "Coutelier": True,
        "Ollier": True,
        "Pascalis": True,
    }


@pytest.mark.usefixtures("demo")
def test_the_trail_tells_of_every_row_and_hides_the_accounts() -> None:
    lines = AuditEntry.objects.filter(verb="create")
    assert lines.filter(model="clients.client").count() == 400
    assert lines.filter(model="clients.address").count() == Address.objects.count()
    whole = Client.objects.get(last_name="Sauvan")
    told = lines.get(model="clients.client", object_key=str(whole.pk)).after
    assert told is not None
    assert told["iban"] == "•••"
    assert whole.iban == "FR7699999841200000000137167"


@pytest.mark.usefixtures("demo")
def test_the_awkward_ones_open_and_their_tags_stay_text(client: Browser) -> None:
    client.force_login(User.objects.get(username="claire"))
    keys = list(Client.objects.order_by("pk").values_list("pk", flat=True))[38:75]
    for key in keys:
        for path in (f"/clients/{key}/", f"/clients/{key}/modifier/?mode=avance"):
            answer = client.get(path)
            page = answer.content.decode()
            assert answer.status_code == 200, path
            assert "<b>Gras</b>" not in page
            assert "<script>alert" not in page
    told = client.get("/clients/", {"q": "gras"}).content.decode()
    assert "&lt;B&gt;GRAS&lt;/B&gt;" in told


@pytest.mark.usefixtures("demo")
def test_loaded_again_it_adds_nothing() -> None:
    tables: tuple[type[Model], ...] = (Client, Address, Contact, Answer, Consent, HistoryEntry, CustomQuestion, Store)
    before = [list(table._default_manager.order_by("pk").values_list("pk", flat=True)) for table in tables]
    call_command("load_demo", stdout=StringIO())
    call_command("load_demo", "--if-empty", stdout=StringIO())
    assert before == [list(table._default_manager.order_by("pk").values_list("pk", flat=True)) for table in tables]


@pytest.mark.usefixtures("demo")
def test_it_is_the_same_every_time() -> None:
    keys = list(Client.objects.order_by("pk").values_list("pk", flat=True))
    told = []
    for place in (80, 200, 400):
        client = Client.objects.get(pk=keys[place - 1])
        told.append((client.display_name, client.mobile_1, [str(address) for address in client.addresses.all()]))
    assert told == [
        ("RIGAUD Mathieu", "+33639981010", ["155 lotissement Les Genévriers, 04210 Valensole"]),
        ("MONIER Serge", "+33639981130", ["195 bis impasse des Cigales, 04000 Digne-les-Bains"]),
        ("PEREIRA Gaëlle", "+33639981330", ["183 chemin de la Bastide Neuve, 30000 Nîmes"]),
    ]


def test_without_demo_it_is_refused(settings: pytest.FixtureRequest) -> None:
    settings.DEMO = False  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="DEMO=1 only"):
        call_command("load_demo")
    assert (Client.objects.count(), User.objects.count()) == (0, 0)


@pytest.mark.usefixtures("demo")
def test_almost_half_have_ouvrages_and_some_have_something_to_do() -> None:
    with_works = Client.objects.filter(installations__isnull=False).distinct().count()
    assert 130 < with_works < 230
    assert not Installation.objects.filter(equipment=None).exists()
    assert 20 < FollowUp.objects.count() < 120
    strangers = Installation.objects.exclude(address=None).exclude(address__client=F("client"))
    assert not strangers.exists()

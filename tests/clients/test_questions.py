"""Questions complémentaires in the settings: what was answered is never lost or misread."""

import re
import uuid
from html import unescape
from typing import Any

import pytest
from django.test import Client as Browser

from clients.actions.questions import create_question
from clients.models import Answer, CustomQuestion
from extrabat.lib.refusals import Refused
from settings_app.audit.queries import trail
from tests.factories import make_client, make_user

pytestmark = pytest.mark.django_db
LIST = "/parametres/questions/"
ADD = "/parametres/questions/ajouter/"


@pytest.fixture
def admin(client: Browser) -> Browser:
    client.force_login(make_user("Administrateur"))
    return client


def words(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def send(browser: Browser, path: str, values: dict[str, Any]) -> tuple[int, str]:
    response = browser.post(path, values)
    return response.status_code, words(response.content.decode())


def make_question(label: str = "Chauffage", type_: str = "text", **values: Any) -> CustomQuestion:
    return CustomQuestion.objects.create(label=label, type=type_, **values)


def opened(browser: Browser, question: CustomQuestion) -> dict[str, str]:
    """What a browser without script would send back untouched."""
    page = browser.get(f"{LIST}{question.pk}/modifier/")
    form = page.context["form"]
    values = {"seen": form.initial["seen"], "label": question.label, "type": question.type}
    values["options"] = "\r\n".join(question.options)
    for name in ("is_required", "on_home", "for_professionals", "is_active"):
        if getattr(question, name):
            values[name] = "on"
    return values


def edit(browser: Browser, question: CustomQuestion, **changes: Any) -> tuple[int, str]:
    values = opened(browser, question) | changes
    return send(browser, f"{LIST}{question.pk}/modifier/", {n: v for n, v in values.items() if v is not None})


def test_a_question_is_added_at_the_end_with_all_that_defines_it(admin: Browser) -> None:
    make_question("Un chien", position=1)
    sent = {
        "label": "Chauffage",
        "type": "choice",
        "options": "  Bois \r\n\r\nGaz\r\nPompe  à chaleur\r\n",
        "is_required": "on",
        "on_home": "on",
        "for_professionals": "on",
        "is_active": "on",
        "token": str(uuid.uuid4()),
    }
    assert send(admin, ADD, sent)[0] == 302
    question = CustomQuestion.objects.get(label="Chauffage")
    assert (question.type, question.options, question.position) == ("choice", ["Bois", "Gaz", "Pompe à chaleur"], 2)
    assert question.is_required
    assert question.on_home
    assert question.for_professionals
    assert question.is_active
    text = words(admin.get(LIST).content.decode())
    told = "Chauffage liste de 3 options, obligatoire, sur l’accueil, professionnels aussi sans réponse active"
    assert told in text
    assert [line.verb for line in trail(question)] == ["create"]


def test_sent_twice_it_is_added_once(admin: Browser) -> None:
    sent = {"label": "Chauffage", "type": "text", "token": str(uuid.uuid4())}
    assert [send(admin, ADD, sent)[0] for _ in range(2)] == [302, 302]
    assert CustomQuestion.objects.count() == 1


@pytest.mark.parametrize("type_", ["choice", "choices"])
@pytest.mark.parametrize("options", ["", "Bois", " \r\n Bois \r\n"])
def test_a_list_has_two_options_at_least(admin: Browser, type_: str, options: str) -> None:
    response = admin.post(ADD, {"label": "Chauffage", "type": type_, "options": options})
    assert response.status_code == 422
    assert response.context["form"].errors == {"options": ["Donnez au moins deux options, une par ligne."]}
    assert not CustomQuestion.objects.exists()


def test_an_option_is_written_once(admin: Browser) -> None:
    status, text = send(admin, ADD, {"label": "Chauffage", "type": "choice", "options": "Bois\nGaz\nBOIS"})
    assert status == 422
    assert "L’option « BOIS » est écrite deux fois." in text
    status, text = send(admin, ADD, {"label": "Chauffage", "type": "choice", "options": f"Bois\n{'x' * 81}"})
    assert status == 422
    assert "dépasse 80 caractères" in text


def test_other_types_have_no_options(admin: Browser) -> None:
    assert send(admin, ADD, {"label": "Année", "type": "number", "options": "Bois\nbois"})[0] == 302
    assert CustomQuestion.objects.get().options == []


def test_the_options_of_an_unanswered_question_go_with_its_type(admin: Browser) -> None:
    question = make_question(type_="choice", options=["Bois", "Gaz"])
    assert edit(admin, question, type="text")[0] == 302
    question.refresh_from_db()
    assert (question.type, question.options) == ("text", [])
    assert edit(admin, question, type="choices", options="Bois")[0] == 422
    assert edit(admin, question, type="choices", options="Bois\nGaz")[0] == 302


def test_the_type_of_an_answered_question_stays(admin: Browser) -> None:
    question = make_question()
    Answer.objects.create(client=make_client(), question=question, value="Au bois")
    status, text = edit(admin, question, type="number")
    assert status == 409
    assert "Cette question a 1 réponse : son type ne change plus." in text
    question.refresh_from_db()
    assert question.type == "text"
    assert edit(admin, question, label="Mode de chauffage", is_required="on")[0] == 302


@pytest.mark.parametrize(("type_", "value"), [("choice", "Bois"), ("choices", ["Gaz", "Bois"])])
def test_an_option_that_was_chosen_stays(admin: Browser, type_: str, value: Any) -> None:
    question = make_question(type_=type_, options=["Bois", "Gaz", "Fioul"])
    for _ in range(2):
        Answer.objects.create(client=make_client(), question=question, value=value)
    other = make_question("Ailleurs", type_, options=["Fioul", "Bois"])
    Answer.objects.create(client=make_client(), question=other, value="Fioul")
    status, text = edit(admin, question, options="Bûches\nGaz\nFioul")
    assert status == 409
    assert "L’option « Bois » ne peut pas être retirée ni renommée : 2 clients l’ont choisie." in text
    # What was typed is still there.
    assert "Bûches" in text
    question.refresh_from_db()
    assert question.options == ["Bois", "Gaz", "Fioul"]
    # One that nobody chose may go, and the order is free.
    assert edit(admin, question, options="Gaz\nBois\nSolaire")[0] == 302
    question.refresh_from_db()
    assert question.options == ["Gaz", "Bois", "Solaire"]


def test_only_what_was_changed_is_written(admin: Browser) -> None:
    question = make_question(type_="choice", options=["Bois", "Gaz"])
    values = opened(admin, question)
    CustomQuestion.objects.filter(pk=question.pk).update(on_home=True, options=["Bois", "Gaz", "Fioul"])
    assert send(admin, f"{LIST}{question.pk}/modifier/", values | {"label": "Énergie"})[0] == 302
    question.refresh_from_db()
    assert (question.label, question.on_home, question.options) == ("Énergie", True, ["Bois", "Gaz", "Fioul"])


def test_two_people_on_the_options_see_both(admin: Browser) -> None:
    question = make_question(type_="choice", options=["Bois", "Gaz"])
    values = opened(admin, question)
    CustomQuestion.objects.filter(pk=question.pk).update(options=["Bois", "Gaz", "Fioul"])
    status, text = send(admin, f"{LIST}{question.pk}/modifier/", values | {"options": "Bois\nGaz\nSolaire"})
    assert status == 409
    assert "Enregistré entre-temps : Bois Gaz Fioul" in text


def test_a_list_of_one_option_is_refused_whatever_the_door() -> None:
    values = {"label": "Chauffage", "type": "choice", "options": ["Bois"]}
    with pytest.raises(Refused, match="au moins deux options"):
        create_question(by=make_user(), values=values, token=str(uuid.uuid4()))
    assert not CustomQuestion.objects.exists()


def test_the_order_is_kept(admin: Browser) -> None:
    keys = [make_question(label, position=place).pk for place, label in enumerate(["A", "B", "C"], start=1)]
    response = admin.post(f"{LIST}ordre/", {"key": [keys[2], keys[0], keys[1]]}, headers={"HX-Request": "true"})
    assert response.status_code == 204
    assert re.findall('data-reorder-label="(.)"', admin.get(LIST).content.decode()) == ["C", "A", "B"]
    response = admin.post(f"{LIST}ordre/", {"up": keys[1]})
    assert (response.status_code, response["Location"]) == (302, f"{LIST}#ligne-{keys[1]}")
    assert list(CustomQuestion.objects.values_list("label", flat=True)) == ["C", "B", "A"]


def test_an_unanswered_question_is_deleted(admin: Browser) -> None:
    question = make_question()
    assert "Aucun client n’a répondu" in words(admin.get(f"{LIST}{question.pk}/supprimer/").content.decode())
    assert CustomQuestion.objects.exists()
    assert send(admin, f"{LIST}{question.pk}/supprimer/", {})[0] == 302
    assert not CustomQuestion.objects.exists()


def test_an_answered_question_is_switched_off_instead(admin: Browser) -> None:
    question = make_question()
    answer = Answer.objects.create(client=make_client(), question=question, value="Au bois")
    path = f"{LIST}{question.pk}/supprimer/"
    page = admin.get(path).content.decode()
    assert "Cette question a 1 réponse. Désactivez-la plutôt" in words(page)
    assert 'name="switch_off"' in page
    status, text = send(admin, path, {})
    assert status == 409
    assert "Cette question a 1 réponse." in text
    assert send(admin, path, {"switch_off": "1"})[0] == 302
    question.refresh_from_db()
    assert not question.is_active
    assert Answer.objects.get() == answer
    assert "Chauffage texte 1 réponse désactivée" in words(admin.get(LIST).content.decode())


def test_an_answer_that_comes_meanwhile_is_kept(admin: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    question = make_question()
    real = CustomQuestion.delete

    def delete_too_late(self: CustomQuestion) -> Any:
        Answer.objects.create(client=make_client(), question=self, value="Au bois")
        return real(self)

    monkeypatch.setattr(CustomQuestion, "delete", delete_too_late)
    status, text = send(admin, f"{LIST}{question.pk}/supprimer/", {})
    assert status == 409
    assert "Un client vient de répondre à cette question." in text


def test_forty_rows_cost_as_many_queries_as_two(admin: Browser, django_assert_num_queries: Any) -> None:
    client = make_client()
    for number in range(2):
        Answer.objects.create(client=client, question=make_question(f"Q{number}"), value="x")
    admin.get(LIST)
    with django_assert_num_queries(3):  # session, user, questions
        admin.get(LIST)
    for number in range(2, 40):
        Answer.objects.create(client=client, question=make_question(f"Q{number}"), value="x")
    with django_assert_num_queries(3):
        assert admin.get(LIST).content.decode().count("1\u00a0réponse") == 40


def test_a_script_is_shown_as_text(admin: Browser) -> None:
    question = make_question("<script>alert(1)</script>", "choice", options=["<b>x</b>", "y"])
    for path in (LIST, f"{LIST}{question.pk}/modifier/", f"{LIST}{question.pk}/supprimer/"):
        html = admin.get(path).content.decode()
        assert "<script>alert" not in html
        assert "<b>x</b>" not in html


@pytest.mark.parametrize("role", ["Bureau", "Commercial", "Technicien"])
def test_others_may_not(client: Browser, role: str) -> None:
    client.force_login(make_user(role))
    question = make_question()
    assert client.get(LIST).status_code == 403
    for path in ("ajouter/", "ordre/", f"{question.pk}/modifier/", f"{question.pk}/supprimer/"):
        assert client.post(LIST + path, {"label": "x"}).status_code == 403
    assert CustomQuestion.objects.get() == question

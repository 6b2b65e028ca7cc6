"""The admin in the browser, under the house's own content policy."""

from collections.abc import Callable

import pytest
from django.contrib import admin
from playwright.sync_api import Page

from clients.models import Equipment, Installation
from settings_app.models import User
from tests.factories import make_address, make_client, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def test_no_page_of_the_admin_breaks_the_content_policy(
    page: Page, home: str, enter: Callable[[User], None], console: list[str]
) -> None:
    """Lists, forms, the calendar, the list that completes: `console` ends the test on a complaint."""
    user = make_user("Administrateur", is_staff=True)
    enter(user)
    client = make_client(followed_by=user)
    make_address(client=client)
    pool = Installation.objects.create(client=client, name="Piscine")
    pump = Equipment.objects.create(installation=pool, label="Pompe")
    page.goto(f"{home}/admin/")
    for model in admin.site._registry:
        page.goto(f"{home}/admin/{model._meta.app_label}/{model._meta.model_name}/")
        page.locator("#changelist").wait_for()
    for kind, key in (
        *(("clients/client", client.pk), ("clients/address", client.addresses.get().pk)),
        *(("settings_app/user", user.pk), ("settings_app/status", client.status_id)),
    ):
        page.goto(f"{home}/admin/{kind}/{key}/change/")
        page.locator(".submit-row").wait_for()
    page.goto(f"{home}/admin/settings_app/status/add/")
    page.goto(f"{home}/admin/clients/client/{client.pk}/change/")
    page.locator(".field-followed_by .select2-selection").click()
    page.locator(".select2-results__option").first.wait_for()
    page.goto(f"{home}/admin/clients/equipment/{pump.pk}/change/")
    page.locator(".field-commissioned_on .date-icon").click()
    page.locator(".calendarbox").first.wait_for()
    page.locator(".calendarbox a").first.click()

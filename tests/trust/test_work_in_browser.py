"""The page's half of the proof of work, in a real browser and under our own content policy."""

from collections.abc import Iterator

import pytest
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import engines
from django.test import override_settings
from django.urls import path
from playwright.sync_api import Browser, Page

from bin import town
from trust import work

PAGE = """<!doctype html><html lang="en"><title>Form</title><link rel="icon" href="data:,">
<form method="post">{% csrf_token %}{% include "trust/work.html" %}
<input name="words"><button>Send</button></form>
"""


def form(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return HttpResponse(work.proved(request.POST["work"]), content_type="text/plain")
    get_token(request)
    template = engines["django"].from_string(PAGE)
    return HttpResponse(template.render({"work_challenge": work.challenge()}, request))


urlpatterns = [path("form/", form)]


@pytest.fixture
def server(live_server):
    with override_settings(ROOT_URLCONF=__name__):
        yield live_server


@pytest.fixture
def browser(server) -> Iterator[Browser]:
    # Gone before the database is emptied: beside its event loop Django refuses to touch one.
    with town.chromium() as found:
        yield found


def opened(browser: Browser, server, complaints: list[str], **context) -> Page:
    page = browser.new_context(base_url=server.url, **context).new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda fault: complaints.append(str(fault)))
    answer = page.goto("/form/")
    assert answer is not None
    assert "worker-src 'self'" in answer.headers["content-security-policy"]
    return page


@pytest.mark.django_db(transaction=True)
def test_the_worker_answers_while_the_family_types_and_the_server_takes_it(browser, server):
    complaints: list[str] = []
    page = opened(browser, server, complaints)
    page.wait_for_selector("[name=work][value]", state="attached")
    assert complaints == []
    page.click("button")
    assert page.inner_text("body") == "proved"


@pytest.mark.django_db(transaction=True)
def test_without_script_the_field_stays_empty_and_the_form_goes_through(browser, server):
    page = opened(browser, server, [], java_script_enabled=False)
    page.click("button")
    assert page.inner_text("body") == "none"


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("lacking", ["Worker", "isSecureContext"])
def test_a_browser_that_cannot_stays_silent(browser, server, lacking):
    complaints: list[str] = []
    page = browser.new_context(base_url=server.url).new_page()
    page.add_init_script(f"Object.defineProperty(window, '{lacking}', {{ value: undefined }})")
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda fault: complaints.append(str(fault)))
    page.goto("/form/")
    assert complaints == []
    page.click("button")
    assert page.inner_text("body") == "none"

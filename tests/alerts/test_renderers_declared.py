"""Whatever the public is shown of a child comes through the gate: found in the URLconf, not remembered.

With every declared renderer of alerts.render shut, no address outside /police/ may say a word of the child.
"""

import re
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLResolver, get_resolver, path

from alerts import render, subscribe
from alerts.fanout import fan_out
from alerts.models import Dossier, RelayNotice, Version
from alerts.programme import links as programme_links
from alerts.relays import links as relay_links
from cases.models import Consent
from notifier import unsubscribe
from project import urls
from tests.alerts import handed, scene

pytestmark = pytest.mark.django_db

# A public copy is a file, there only while the alert lives: alerts.issue makes it, the end removes it.
FILES = {"public_file"}
TOLD = {"name", "age", "clothing"}  # lines that describe this child, and stand on no form as choices


def public_views() -> dict[str, tuple[str, ...]]:
    """Return {route: names of its parts} of everything outside /police/, one language of each."""
    found = {}
    for route, entry in _walk(get_resolver()):
        route = re.sub(r"^(ar|fr|en)/", "fr/", route)
        if not route.startswith("police/") and entry.name not in FILES:
            found[route] = tuple(entry.pattern.converters)
    return found


def _walk(resolver: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, route)
        else:
            yield route, entry


def keys(version: Version) -> dict[str, str]:
    person = subscribe.enrol_people([("+212699000111", "sms", 33.99, -6.85, "fr")])[0]
    return {
        "code": version.alert.code,
        "identifier": version.documents.get().identifier,
        "token": unsubscribe.token(person),
        "pending": str(person),
        "alias": "sms",
        "screen": "child",
        "number": "1",
        "form": "json",
    }


def address(version: Version, route: str, parts: dict[str, str]) -> str:
    """Return the address that opens a route: a link of a relay or of Meta's team is a secret of its own."""
    secret = ""
    if "relay/" in route:
        secret = relay_links.secret(RelayNotice.objects.get(version=version).pk)
    elif "programme/" in route:
        secret = programme_links.secret(Dossier.objects.get(version=version).pk)
    opens = {**parts, "token": secret or parts["token"]}
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda name: opens[name[1]], route)


def told(version: Version) -> set[str]:
    """Return every word that describes this child, in all languages."""
    words = {"Amina", "El Idrissi", "أمينة", version.public_photo}
    for said in version.texts.values():
        words |= {line["text"] for line in said["page"]["lines"] if line["key"] in TOLD}
    assert len(words) > 8
    return words


def spoken(version: Version) -> dict[str, list[str]]:
    """Return {route: words of the child it shows}, asked by GET and by POST."""
    parts, found = keys(version), {}
    for route, names in public_views().items():
        assert set(names) <= set(parts), f"{route}: say in this test what opens {set(names) - set(parts)}"
        asked = address(version, route, parts)
        answers = [Client().get(asked), Client().post(asked)]
        said = b"".join(answer.getvalue() for answer in answers).decode(errors="replace")
        shown = sorted(word for word in told(version) if word in said)
        if shown:
            found[route] = shown
    return found


@pytest.fixture
def version() -> Version:
    handed.relay()
    channels = [*scene.CHANNELS, "relays", "meta_programme"]
    made = scene.signed(scene.case(channels=("web", *channels)), channels=channels)
    fan_out(made.pk)
    return made


@pytest.fixture
def shut(version, monkeypatch) -> None:
    """Shut every declared renderer, wherever it was imported to."""
    shut_ones = list(render.RENDERERS.values())
    for module in [module for name, module in sys.modules.items() if name.startswith("alerts.")]:
        for name, function in list(vars(module).items()):
            if any(function is one for one in shut_ones):
                monkeypatch.setattr(module, name, lambda *_args, **_named: None)


def test_the_gate_open_the_public_is_told(version) -> None:
    assert {"fr/", "fr/a/<str:code>/", "a/<str:code>/cap/<str:identifier>.xml", "feeds/cap.atom",
            "feeds/cap.rss", "feeds/alerts.json", "fr/relay/<str:token>/", "fr/programme/<str:token>/",
            "fr/programme/<str:token>/<str:form>/", "fr/tip/"} == set(spoken(version))  # fmt: skip


@pytest.mark.usefixtures("shut")
def test_the_gate_shut_no_address_says_a_word_of_the_child(version) -> None:
    assert spoken(version) == {}


def rogue(request: HttpRequest, code: str) -> HttpResponse:
    """Show what was frozen, past the gate."""
    texts = Version.objects.get(alert__code=code).texts
    return HttpResponse(texts["fr"]["page"]["titles"][0]["text"])


@pytest.mark.usefixtures("shut")
def test_a_view_past_the_gate_would_be_named(version, settings) -> None:
    module = ModuleType("rogue_urls")
    module.urlpatterns = [path("widget/<str:code>/", rogue), *urls.urlpatterns]  # type: ignore[attr-defined]
    settings.ROOT_URLCONF = module
    assert list(spoken(version)) == ["widget/<str:code>/"]


def test_what_consent_no_longer_covers_is_in_no_answer(version) -> None:
    """A withdrawn name is gone from every address at once, from documents that were stored with it too."""
    without = [name for name in scene.FIELDS if name != "name"]
    Consent.objects.update(fields=without)
    found = {route: words for route, words in spoken(version).items() if {"Amina", "أمينة"} & set(words)}
    assert found == {}

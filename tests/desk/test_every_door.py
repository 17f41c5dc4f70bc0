"""Every address under /police/, found in the URLconf: a new page is tried here before anybody remembers it.

Strangers of every kind knock with the right keys in hand: they read nothing of the case and change nothing.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.db.models import Q
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from alerts.models import Alert, Version
from cases import receiving, transfer
from cases.models import Case, Resemblance
from cases.reported import ReportedVoice
from notifier.models import Batch, Post
from tests import people
from tests.alerts import scene
from trust import clock
from trust.models import Officer
from trust.roles import Role

pytestmark = pytest.mark.django_db

DESK = "police/"
OPEN_TO_ALL = {"account_login", "account_logout", "account_reauthenticate", "choose_language",
               "mfa_authenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"}  # fmt: skip
LIVE_AND_PROPOSED = {"cases_case", "alerts_alert", "alerts_version"}
OF_THE_CASE = (Case, Alert, Version, Batch, Post)
# What a page of somebody else's case would show.
PLANTED = (*scene.RESTRICTED, "Amina", "El Idrissi", "أمينة")
FORM = {
    "outcome": "found_safe", "as_": "found", "reason": "essai", "body": "essai", "kind": "actual",
    "shape": "circle", "lat": "33.99", "lon": "-6.85", "radius_km": "10", "channels": ["sms"], "hours": "5",
    "post": "yes", "action": "delete_selected", "ground": "custody_order", "authority": "TPI",
    "decision": "x", "decided_on": "2026-01-05", "told-how": "phone", "told-language": "fr",
    "how": "phone", "language": "fr", "name_1": "Nour", "age_1": "9", "children": "1",
    "last_seen_words": "Agdal", "answer": "accept", "words": "essai",
    "ago": "60", "phone": "0612345679", "name": "Nour", "relation": "mother", "reason_code": "harm",
}  # fmt: skip


class Door:
    def __init__(self, route: str, name: str, names: tuple[str, ...]) -> None:
        self.route, self.name, self.names = route, name, names

    @property
    def model(self) -> str:
        """Return "app_model" for a page of the admin that belongs to a model, else ""."""
        found = re.match(r"police/(\w+)/(\w+)/", self.route)
        known = {f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry}
        label = f"{found[1]}_{found[2]}" if found else ""
        return label if label in known else ""


def doors() -> list[Door]:
    return [door for door in _walk(get_resolver()) if door.route.startswith(DESK)]


def _walk(resolver: Any, before: str = "") -> Iterator[Door]:
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, route)
        elif isinstance(entry, URLPattern):
            yield Door(route, entry.name or "", tuple(entry.pattern.converters))


@pytest.fixture
def keys_of() -> Callable[[str], list[dict[str, str]]]:
    """Return what opens the pages of a model: every key of every row of one live and one proposed alert."""
    scene.neighbours(2)
    live = scene.signed()
    outbox_post(live)
    scene.proposed()
    enrich()

    def keys(label: str) -> list[dict[str, str]]:
        rows = apps.get_model(".".join(label.rsplit("_", 1)))
        return [
            _keys(row) for row in rows._default_manager.all()[: 2 if label in LIVE_AND_PROPOSED else 1]
        ] or [{**_keys(live), "pk": "1"}]

    return keys


def outbox_post(version: Version) -> None:
    from alerts.fanout import fan_out  # a batch and a post of each channel

    fan_out(version.pk)
    assert Batch.objects.exists()
    assert Post.objects.exists()


def _keys(row: Any) -> dict[str, str]:
    key = str(row.pk)
    case = getattr(row, "case", None) or getattr(getattr(row, "alert", None), "case", None)
    case = row if isinstance(row, Case) else case
    photo = str(case.children.get().photos.get().pk) if case else key
    return {
        "pk": key, "object_id": key, "case_pk": str(case.pk) if case else key, "photo_pk": photo,
        "digest": getattr(row, "digest", "") or "", "screen": "you", "number": "1",
        "voice_pk": _note(case) if case else key, "twin_pk": _twin(case) if case else key,
        "transfer_pk": _asked(case) if case else key,
    }  # fmt: skip


def _note(case: Case) -> str:
    return str(case.voice_notes.get().pk)


def _twin(case: Case) -> str:
    return str(Resemblance.objects.get(Q(case=case) | Q(other=case)).pk)


def _asked(case: Case) -> str:
    return str(case.transfers.get().pk)


def enrich() -> None:
    """Give every case a voice note, ask a third unit to take it, and have the two in hand look alike."""
    cases = list(Case.objects.order_by("received_at"))
    for case in cases:
        transfer.ask(case, people.ines(), people.unit("sale"), "Amina habite là")
    for case in cases:
        voice = ReportedVoice("start", b"\xff\xfb", b"\xff\xfb", 1.0)
        receiving.add_voice(case, None, voice, clock.now())
    Resemblance.objects.update_or_create(
        case=cases[1], other=cases[0], defaults={"band": "probable", "score": 0.9, "found_at": clock.now()}
    )


def addresses(door: Door, keys_of: Callable[[str], list[dict[str, str]]]) -> Iterator[tuple[str, str]]:
    """Yield (address, digest) for every key that fits the door."""
    if door.route.startswith("police/r/"):
        for keys in keys_of("cases_case"):
            yield f"/police/r/1/{keys['pk']}/", ""
    elif "(?P<app_label>" in door.route:
        yield from ((f"/police/{label}/", "") for label in ("alerts", "cases", "notifier", "trust"))
    elif "(?P<url>" in door.route:
        yield "/police/nowhere", ""
    elif not door.names:
        yield f"/{door.route}", ""
    elif door.model:
        for keys in keys_of(door.model):
            yield _filled(door, keys), keys["digest"]
    else:
        yield _filled(door, {"pk": "1"}), ""


def _filled(door: Door, keys: dict[str, str]) -> str:
    missing = set(door.names) - set(keys)
    assert not missing, f"{door.route}: say in this test what opens {missing}"
    keys = {**keys, "screen": "child"} if "number" in door.names else keys
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda name: quote(keys[name[1]]), door.route)


def everything() -> dict[str, list[Any]]:
    """Return every row that a stranger must not change."""
    tables = [
        model._meta.db_table
        for app in ("cases", "alerts", "notifier", "tips")
        for model in apps.get_app_config(app).get_models()
    ]
    tables += [
        "trust_decision",
        "trust_task",
        "trust_unit",
        "trust_agency",
        "django_celery_beat_periodictask",
    ]
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
            found[table] = cursor.fetchall()
    return found


def accounts(but: Officer | None) -> list[Any]:
    rows = Officer.objects.exclude(username=but.username if but else "").order_by("pk")
    return list(rows.values_list("pk", "username", "password", "is_active", "unit", "groups__name"))


def sami() -> Officer:
    return people.officer("sami", Role.OFFICER, at=people.unit("hassan"))


def paul() -> Officer:
    return people.officer("paul", Role.APPROVER, at=people.unit("x", people.agency("autre")))


def ali() -> Officer:
    """Return an auditor of another agency: he reads logs, and no case of ours."""
    return people.officer("ali", Role.AUDITOR, at=people.unit("x", people.agency("autre")))


STRANGERS: dict[str, Callable[[], Officer] | None] = {
    "nobody": None, "lea": people.lea, "nadia": people.nadia, "sami": sami, "paul": paul, "ali": ali,
}  # fmt: skip


def test_the_list_of_doors_is_not_empty() -> None:
    found = doors()
    assert len(found) > 50
    assert {"cases_case", "alerts_version", "alerts_alert"} <= {door.model for door in found}
    assert "alerts_version_sign" in {door.name for door in found}


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("stranger", STRANGERS)
def test_a_stranger_reads_and_changes_nothing_behind_any_door(keys_of, stranger: str, method: str) -> None:
    who = STRANGERS[stranger]
    officer = who() if who else None
    before, others = everything(), accounts(officer)
    wrong = []
    for door in doors():
        for address, digest in addresses(door, keys_of):
            client = Client(raise_request_exception=False)
            if officer:
                people.login(client, officer)
            answer = getattr(client, method)(address, {**FORM, "digest": digest} if method == "post" else {})
            wrong += [f"{address}: {fault}" for fault in faults(door, address, answer, officer)]
    assert wrong == []
    assert everything() == before
    assert accounts(officer) == others


def faults(door: Door, address: str, answer: HttpResponse, officer: Officer | None) -> Iterator[str]:
    said = answer.getvalue()
    yield from (f"says {word}" for word in PLANTED if word.encode() in said)
    if said.startswith(b"\xff\xd8"):
        yield "shows a photo"
    if officer is None and door.name not in OPEN_TO_ALL and answer.status_code == 200:
        yield "opens to nobody in particular"
    label = {model._meta.label_lower.replace(".", "_") for model in OF_THE_CASE}
    if officer and door.model in label and door.names and answer.status_code == 200:
        yield "opens"
    if officer and door.model in label:
        codes = [case.reference for case in Case.objects.all()] + [a.code for a in Alert.objects.all()]
        yield from (f"names {code}" for code in codes if code.encode() in said)


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_password_without_the_factor_opens_no_door(keys_of, method: str) -> None:
    ines = people.ines()
    people.with_second_factor(ines)
    before, wrong = everything(), []
    for door in doors():
        for address, digest in addresses(door, keys_of):
            client = Client(raise_request_exception=False)
            client.force_login(ines, backend="trust.auth.RolesBackend")
            answer = getattr(client, method)(address, {**FORM, "digest": digest} if method == "post" else {})
            if door.name not in OPEN_TO_ALL and answer.status_code != 302:
                wrong.append(f"{address}: {answer.status_code}")
    assert wrong == []
    assert everything() == before


def test_no_door_breaks_whoever_opens_it(keys_of) -> None:
    broken = set()
    for officer in (people.nadia(), people.ines(), people.omar()):
        for door in doors():
            for address, _digest in addresses(door, keys_of):
                client = Client(raise_request_exception=False)
                people.login(client, officer)
                if client.get(address).status_code >= 500:
                    broken.add(door.route)
    assert broken == set()


def test_the_desk_holds_no_register_that_nobody_chose() -> None:
    """Libraries bring pages of their own: roles, factors' secrets and schedules are not edited as rows."""
    ours = {"alerts", "cases", "notifier", "tips", "trust"}
    foreign = {model._meta.label for model in admin.site._registry if model._meta.app_label not in ours}
    assert foreign == {"django_celery_beat.PeriodicTask"}


def test_the_keys_in_hand_are_the_right_ones(keys_of) -> None:
    """Held against the tests above: with the same keys, who works on the case comes in."""
    opened = set()
    for officer in (people.ines(), people.omar()):
        client = Client(raise_request_exception=False)
        people.login(client, officer)
        for door in doors():
            if door.model and door.names:
                found = [client.get(address).status_code for address, _digest in addresses(door, keys_of)]
                opened |= {door.name} if 200 in found else set()
    assert {
        "cases_case_change", "cases_case_photo", "cases_case_close", "alerts_alert_change",
        "alerts_version_change", "alerts_version_photo", "alerts_alert_stop", "notifier_batch_change",
        "notifier_post_change", "cases_case_voice", "cases_case_same", "cases_case_tell",
        "cases_case_tell_child", "cases_case_secret", "cases_case_settle", "cases_case_transfer",
        "cases_case_transfer_answer",
    } <= opened  # fmt: skip

"""Everything that is typed on the way from a report to its end, looked for in the bytes that are kept."""

import base64
import json
import sqlite3
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from alerts.fanout import fan_out
from alerts.models import Alert, Version
from cases.models import Case
from tests import people
from tests.alerts import scene
from tests.alerts.test_subscribe import code_of
from tests.cases import family, pictures
from tests.desk import pages
from tests.desk.walk import walked
from tests.tips.test_intake import arrives
from trust import keys

pytestmark = [pytest.mark.django_db, pytest.mark.long_on_postgresql]

TYPED = {
    "given_name": "Zoubaïda",
    "family_name": "Qerroumi",
    "other_name": "زبيدة القرومي",
    "last_seen_words": "derrière le hammam Essoufla",
    "circumstances": "fâchée avec sa belle-mère Wahiba",
    "name": "Hlima Qerroumi",
    "phone": "0661234987",
    "words": "chez Tante Mbarka, 7 impasse Derb Lfokara",
}
BORN = "14/07/2016"
LATER = {
    "family": "Elle a un pull tricoté par Zhor",
    "police": "Nous passons chez Madame Itto",
    "returned": "Le frère Lahoucine n’est pas prévenu",
    "close": "retrouvée chez Mbark Aghzaf",
    "tip": "vue avec un monsieur Boujemaâ",
    "witness": "+212677889911",
    "subscriber": "0655443322",
    "wrong login": "Motdepasse-de-Ghita",
}
ALSO = ("+212661234987", "661234987", "2016-07-14", "+212655443322", "655443322", "677889911")


@pytest.fixture
def told(desk, settings) -> dict[str, str]:
    """Walk the whole way by the pages, as people do; return what else must stay secret: codes and secrets."""
    settings.PUBLIC_URL = "http://testserver"
    unit = people.unit()
    unit.duty_officer = people.ines()
    unit.save()
    ines, omar = desk(people.ines()), desk(people.omar())
    secret = _report()
    case = Case.objects.get()
    code = _subscribe()
    Client().post(reverse("account_login"), {"login": LATER["wrong login"], "password": "x"})
    ines.post(pages.of_case(case, "accept"))
    ines.post(pages.of_case(case, "write"), {"body": LATER["police"]})
    _family(case, secret)
    _issue(ines, omar, case)
    arrives(LATER["tip"], LATER["witness"])
    ines.post(pages.of_case(case, "close"), {"outcome": "found_safe", "reason": LATER["close"]})
    assert Alert.objects.get().state == Alert.State.ENDED
    return {"secret": secret, "bare secret": secret.replace(" ", ""), "code": f" {code}"}


def _report() -> str:
    photo = family.upload(pictures.picture())
    first = {"last_seen_words": TYPED["last_seen_words"], "lat": "33.9951", "lon": "-6.8502"}
    _case, secret = walked(first=first, **TYPED, birth_date=BORN, photos=photo)
    return str(secret)


def _subscribe() -> str:
    form = {"channel": "sms", "address": LATER["subscriber"], "place": "Rabat"}
    answer = Client().post("/fr/subscribe/", form)
    pending = answer["Location"].rstrip("/").rpartition("/")[2]
    code = code_of(pending)
    assert Client().post(answer["Location"], {"code": code}).status_code == 302
    return code


def _family(case: Case, secret: str) -> None:
    client = Client()
    page = client.post("/fr/report/follow/", {"reference": case.reference, "secret": secret})
    client.post("/fr/report/follow/", {"key": page.context["key"], "act": "write", "body": LATER["family"]})


def _issue(ines: Client, omar: Client, case: Case) -> None:
    form = {
        "kind": "actual", "shape": "circle", "lat": "33.995", "lon": "-6.85", "radius_km": "10",
        "channels": ["sms", "email"], "hours": "24",
    }  # fmt: skip
    scene.verify(case)
    ines.post(pages.drafting(case), form)
    first = Version.objects.get()
    ines.post(pages.of_version(first, "propose"))
    omar.post(pages.of_version(first, "return"), {"reason": LATER["returned"]})
    ines.post(pages.of_version(first, "revise"), form)
    second = Version.objects.exclude(pk=first.pk).get()
    ines.post(pages.of_version(second, "propose"))
    digest = omar.get(pages.of_version(second)).context["version"].digest
    omar.post(pages.of_version(second, "sign"), {"digest": digest})
    assert Alert.objects.get().state == Alert.State.LIVE
    fan_out(second.pk)


def raw() -> bytes:
    """Return the database as it would lie on a disk: every page, those given back too."""
    if connection.vendor == "sqlite":
        assert isinstance(connection.connection, sqlite3.Connection)
        return connection.connection.serialize()
    rows = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            rows += [text for (text,) in cursor]
    return "\n".join(rows).encode()


def kept_files() -> dict[Path, bytes]:
    """Return every file below VAR_DIR but keys, and but the public copies of photos."""
    held = {}
    for path in Path(settings.VAR_DIR).rglob("*"):
        apart = {settings.KEY_DIR, settings.PUBLIC_MEDIA_DIR, settings.STATIC_ROOT} & set(path.parents)
        if path.is_file() and not apart:
            held[path] = path.read_bytes()
    return held


def written(text: str) -> set[bytes]:
    """Return the ways in which a text may lie in bytes: plain, escaped, hexadecimal, base64."""
    plain = text.encode()
    return {
        plain,
        text.encode("utf-16-le"),
        json.dumps(text)[1:-1].encode(),
        plain.hex().encode(),
        *(base64.b64encode(plain[skip : len(plain) - (len(plain) - skip) % 3]) for skip in range(3)),
    }


def found(texts: dict[str, str], held: bytes) -> list[str]:
    return [name for name, text in texts.items() if any(form in held for form in written(text))]


def test_the_database_holds_nothing_that_was_typed(told) -> None:
    everything = {**TYPED, **LATER, **told, "born": BORN, **{text: text for text in ALSO}}
    dump = raw()
    assert Case.objects.get().reference.encode() in dump  # it is the right database
    assert found(everything, dump) == []


def test_no_file_that_is_kept_holds_anything_that_was_typed(told) -> None:
    everything = {**TYPED, **LATER, "secret": told["secret"], **{text: text for text in ALSO}}
    for path, held in kept_files().items():
        assert found(everything, held) == [], path.name
        assert b"\xff\xd8\xff" not in held[:64], f"{path.name} is a photo in clear"


def test_a_text_in_clear_would_be_found() -> None:
    """Held against the tests above: planted in any of its forms, a text is seen."""
    people.unit()
    people.agency("trahison", fr=TYPED["given_name"], en=TYPED["other_name"])
    assert set(found(TYPED, raw())) == {"given_name", "other_name"}
    assert found(TYPED, b"x" + base64.b64encode(b"ab" + TYPED["phone"].encode())) == ["phone"]


def test_the_factors_of_officers_are_sealed(told) -> None:
    secret = people.with_second_factor(people.omar())
    assert found({"factor": secret}, raw()) == []


@pytest.mark.long
def test_what_was_kept_opens_to_nobody_once_the_key_is_gone(told) -> None:
    case = Case.objects.get()
    assert case.reporter["name"] == TYPED["name"]
    assert case.reason == LATER["close"]
    keys.destroy(case.pk)
    keys.forget()
    again = Case.objects.get()
    assert (again.reporter, again.last_seen_words, again.reason) == (None, None, None)

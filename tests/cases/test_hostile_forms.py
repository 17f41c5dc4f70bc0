"""Forms of a size, a shape or a number that nobody types: an answer each time, and never a 500."""

import pytest
from django.test import Client

from alerts.models import Subscription
from cases.models import Case
from tests import people
from tests.cases import family
from trust import networks

pytestmark = pytest.mark.django_db


@pytest.fixture
def anybody(monkeypatch) -> Client:
    monkeypatch.setattr(networks, "PAUSE_S", 0)
    people.unit()
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("number", ["nan", "inf", "-inf", "1e400", "", "x", "91", "٣٣", "\x00"])
@pytest.mark.parametrize("name", ["lat", "lon", "span_km"])
def test_the_map_takes_no_number_that_is_none(anybody, name: str, number: str) -> None:
    asked = {"lat": "33.99", "lon": "-6.85", "span_km": "20", name: number}
    answer = anybody.post("/fr/report/map/", asked)
    assert answer.status_code in {200, 400}
    assert b"NaN" not in answer.content
    assert b"Infinity" not in answer.content


@pytest.mark.parametrize(
    "page",
    ["report/", "report/follow/", "subscribe/", "report/map/", "report/more/", "report/more/child/",
     "report/more/photos/", "report/more/consent/", "report/more/looks/9/"],
)  # fmt: skip
@pytest.mark.parametrize(
    "fields",
    [
        {f"f{n}": "x" for n in range(600)},
        {"name_1": "x" * 3_000_000},
        {"reference": "NJ-" + "x" * 100_000, "secret": "1" * 100_000},
        {"key": "x" * 50_000, "act": "write"},
        {"key": "x:y:z", "act": "__class__"},
        {"reference": "\x00", "secret": "\x00", "address": "\x00", "channel": "\x00", "place": "\x00"},
        {"place": "x" * 100_000, "last_seen_words": "x" * 100_000, "channel": "sms", "address": "9" * 10_000},
        {"choice": "\ud800".encode("utf-8", "surrogatepass"), "place_choice": "../../x", "fold": "9"},
        {
            "seen_date": "0001-01-01",
            "seen_time": "99:99",
            "ago": "other",
            "age_1": "9" * 5000,
        },
        {"seen_date": "9999-12-31", "seen_time": "23:59", "ago": "other", "children": "9" * 5000},
        {
            "voice_draft": "x" * 10_000,
            "submission": "x" * 10_000,
            "voice_start": "not a file",
            "work": "x" * 9000,
        },
        {"reference": "NJ-4F7K-2Q", "secret": "a b c d e", "carried": "x" * 100_000},
    ],
    ids=range(12),
)
def test_a_form_of_any_shape_gets_an_answer(anybody, page: str, fields: dict[str, str]) -> None:
    answer = anybody.post(f"/fr/{page}", fields)
    assert answer.status_code < 500
    assert not Case.objects.exists()
    assert not Subscription.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "/a/%00/", "/fr/a/%00/", "/fr/a/%F0%9F%92%A9/", "/fr/a/" + "x" * 5000 + "/", "/a/x/cap/%00.xml",
        "/a/ABCDEFGH/cap/" + "x" * 5000 + ".xml", "/u/%00/", "/u/" + "x." * 2000 + "/", "/m/..%2fx.jpg",
        "/m/" + "x" * 1000 + ".jpg", "/fr/subscribe/00000000-0000-0000-0000-000000000000/", "/fr/%00/",
        "/police/cases/case/%00/change/", "/feeds/cap.atom?x=%00", "/fr/?language=%00",
    ],
)  # fmt: skip
def test_an_address_of_any_shape_gets_an_answer(anybody, address: str) -> None:
    for answer in (anybody.get(address), anybody.post(address)):
        assert answer.status_code < 500


def test_a_header_of_any_shape_gets_an_answer(anybody) -> None:
    for name, value in (
        ("HTTP_ACCEPT_LANGUAGE", "x" * 10_000),
        ("HTTP_ACCEPT_LANGUAGE", "fr;q=nan, ar;q=-1, \x00"),
        ("HTTP_IF_NONE_MATCH", '"' * 1000),
        ("HTTP_IF_MODIFIED_SINCE", "Sun, 99 Foo 99999999999 99:99:99 GMT"),
        ("HTTP_COOKIE", "session=\x00; csrf=" + "x" * 5000),
        ("HTTP_RANGE", "bytes=-999999999999999999999"),
        ("CONTENT_LENGTH", "-1"),
    ):
        for page in ("/", "/fr/", "/feeds/cap.atom", "/fr/report/", "/health/"):
            assert anybody.get(page, **{name: value}).status_code < 500, (name, page)


def test_a_full_form_still_passes_between_all_these(anybody) -> None:
    assert anybody.post("/fr/report/", family.form()).status_code == 200
    assert Case.objects.count() == 1


def test_a_wrong_link_on_a_page_that_is_not_there_leads_to_nobody_else(anybody) -> None:
    answer = anybody.get("/x", PATH_INFO="//evil.example/fr/")
    assert answer.status_code == 404
    assert b'href="//evil.example' not in answer.content

"""A force's own geocoder is asked for suggestions only, on a real socket, and its failures hurt nobody."""

import json
import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.utils import translation

from cases import geocoder
from cases.place_checks import geocoder_is_the_forces_own, own_places_are_whole
from cases.whereabouts import UnknownPlace, resolve, resolve_quietly, suggest
from geo import pack

WORDS = "zanqat al warda 12"
NOMINATIM = [
    {
        "lat": "34.0012",
        "lon": "-6.8473",
        "display_name": "Zanqat Al Warda, Agdal, Rabat",
        "boundingbox": ["34.0002", "34.0022", "-6.8490", "-6.8456"],
    },
    {
        "lat": "48.85",
        "lon": "2.35",
        "display_name": "Rue de la Rose, Paris",
        "boundingbox": ["48", "49", "2", "3"],
    },
]
PHOTON = {
    "features": [
        {
            "geometry": {"type": "Point", "coordinates": [-6.8473, 34.0012]},
            "properties": {
                "name": "Zanqat Al Warda",
                "city": "Rabat",
                "extent": [-6.849, 34.0022, -6.8456, 34.0002],
            },
        },
        {"geometry": {"type": "Point", "coordinates": [-6.85, 34.01]}, "properties": {"name": "Warda"}},
    ]
}


class Server:
    """Answer every call with `status` and `body`, once `released`, and remember what was asked."""

    def __init__(self) -> None:
        self.status, self.body, self.location = 200, b"[]", ""
        self.asked: list[dict[str, list[str]]] = []
        self.released = threading.Event()
        self.released.set()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.asked.append(
                    parse_qs(urlsplit(self.path).query) | {"path": [urlsplit(self.path).path]}
                )
                server.released.wait(20)
                self.send_response(server.status)
                if server.location:
                    self.send_header("Location", server.location)
                self.send_header("Content-Length", str(len(server.body)))
                self.end_headers()
                self.wfile.write(server.body)

            def log_message(self, *args: object) -> None: ...

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.http.server_port}"

    def says(self, answer: object, status: int = 200) -> None:
        self.status = status
        self.body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    thread = threading.Thread(target=made.http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield made
    made.released.set()
    made.http.shutdown()
    made.http.server_close()
    thread.join()


@pytest.fixture
def rabat(settings):
    settings.COUNTRY = pack.load(settings.BASE_DIR / "project" / "countries" / "ma.toml")
    return settings.COUNTRY.gazetteer


@pytest.fixture(params=["nominatim", "photon"])
def asked(request, server, settings, rabat):
    """The gazetteer of Morocco, beside a server of either kind that knows the street."""
    settings.GEOCODER = f"{request.param}:{server.address}"
    server.says(NOMINATIM if request.param == "nominatim" else PHOTON)
    return rabat


def labels(suggestions) -> list[str]:
    return [item.place.label("fr") for item in suggestions]


def test_what_the_server_knows_is_offered_and_the_choice_is_taken_without_a_second_call(asked, server):
    with pytest.raises(UnknownPlace) as unknown:
        resolve(WORDS, asked, field="last_seen_place")
    offered = unknown.value.suggestions
    assert any(label.startswith("Zanqat Al Warda") for label in labels(offered))
    assert not any("Paris" in label for label in labels(offered))
    (calls, choice) = len(server.asked), next(s for s in offered if s.place.label("fr").startswith("Zanqat"))
    found = resolve(WORDS, asked, choice=choice.value, field="last_seen_place")
    assert (found.words, found.source) == (WORDS, "geocoder")
    assert found.point is not None
    assert (found.point.lat, found.point.lon) == (34.0012, -6.8473)
    assert found.error_m is not None
    assert 190 <= found.error_m <= 200  # to the corner of its box
    assert len(server.asked) == calls


def test_the_server_is_asked_inside_the_country_in_the_readers_language(asked, server):
    with translation.override("fr"):
        suggest(WORDS, asked, field="last_seen_place")
    (call,) = server.asked
    assert call["q"] == [WORDS]
    box = [float(side) for side in (call.get("viewbox") or call["bbox"])[0].split(",")]
    assert box == pytest.approx([-17.1, 20.8, -1.0, 35.9], abs=0.2)
    assert (call.get("accept-language") or call["lang"]) == ["fr"]
    assert call.get("bounded", ["1"]) == ["1"]


def test_a_size_the_server_does_not_state_is_the_usual_one(server, settings, rabat):
    settings.GEOCODER = f"photon:{server.address}/geo/"
    server.says(PHOTON)
    assert [place.error_m for place in geocoder.found("warda", restricted=False)][1] == geocoder.USUAL_ERROR_M
    assert server.asked[0]["path"] == ["/geo/api"]


def test_a_language_photon_refuses_is_not_sent(server, settings, rabat):
    settings.GEOCODER = f"photon:{server.address}"
    with translation.override("ar"):
        geocoder.found(WORDS, restricted=False)
    assert "lang" not in server.asked[0]


def test_nothing_is_asked_when_it_is_off_unsaid_restricted_or_quiet(asked, server, settings):
    suggest(WORDS, asked)
    suggest(WORDS, asked, field="places")
    resolve_quietly(WORDS, asked)
    resolve("Hay Riad", asked, field="last_seen_place")
    settings.GEOCODER = ""
    suggest(WORDS, asked, field="last_seen_place")
    assert server.asked == []


def test_restricted_places_are_asked_for_where_the_force_allows_it(asked, server, settings):
    settings.GEOCODER_RESTRICTED = True
    assert any(label.startswith("Zanqat") for label in labels(suggest(WORDS, asked, field="places")))
    assert len(server.asked) == 1


@pytest.mark.few(6)
@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (500, {"error": WORDS}),
        (429, []),
        (200, b"<html>" + WORDS.encode()),
        (200, b""),
        (200, {"features": 7}),
        (200, [{"lat": "north", "lon": "x", "display_name": WORDS}]),
        (200, [7]),
        (200, b"[" * 5_000),
        (200, b" " * 2_000_000),
        (204, b""),
    ],
)
def test_a_failure_is_silent_for_the_family_and_a_code_in_the_log(asked, server, caplog, status, answer):
    server.says(answer, status)
    caplog.set_level(logging.DEBUG)
    with pytest.raises(UnknownPlace) as unknown:
        resolve("zanqat al warda, Rabat", asked, field="last_seen_place")
    assert labels(unknown.value.suggestions)[0] == "Rabat"
    assert "warda" not in caplog.text.casefold()
    assert any(record.name == "cases.geocoder" for record in caplog.records) or answer in (
        [7],
        {"features": 7},
    )


def test_a_server_that_hangs_costs_its_time_once_and_is_left_alone_for_a_while(
    asked, server, monkeypatch, caplog
):
    monkeypatch.setattr(geocoder, "TIMEOUT_S", 1.0)
    server.released.clear()
    assert geocoder.found(WORDS, restricted=False) == []
    assert "timed_out" in caplog.text or "GeocoderTimedOut" in caplog.text
    assert geocoder.found(WORDS, restricted=False) == []
    assert len(server.asked) == 1


def test_a_server_that_came_back_is_asked_again_after_its_rest(asked, server, monkeypatch):
    answer = server.body
    server.says(b"", 500)
    assert geocoder.found(WORDS, restricted=False) == []
    server.says(answer)
    assert geocoder.found(WORDS, restricted=False) == []
    monkeypatch.setattr(geocoder, "REST_S", 0.0)
    geocoder._rests_until.clear()
    assert geocoder.found(WORDS, restricted=False)


def test_a_server_that_is_not_there_is_a_failure_like_another(settings, rabat, server):
    settings.GEOCODER = f"nominatim:{server.address}"
    server.http.shutdown()
    server.http.server_close()
    assert geocoder.found(WORDS, restricted=False) == []


def test_words_are_never_sent_on_to_another_host(asked, server):
    other = Server()
    thread = threading.Thread(target=other.http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    server.status, server.location = 302, f"{other.address}/search?q=x"
    assert geocoder.found(WORDS, restricted=False) == []
    assert other.asked == []
    other.http.shutdown()
    other.http.server_close()
    thread.join()


@pytest.mark.parametrize(
    "choice", ["34.0,-6.8,100", "", "words:", '{"lat": 34}', "eyJsYXQiOjM0fQ:forged", "x" * 10_000]
)
def test_a_place_we_did_not_seal_is_not_opened(choice):
    assert geocoder.opened(choice) is None


@pytest.fixture(autouse=True)
def rested():
    geocoder._rests_until.clear()
    yield
    geocoder._rests_until.clear()


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("nominatim:https://nominatim.openstreetmap.org", "cases.E003"),
        ("photon:https://photon.komoot.io/", "cases.E003"),
        ("nominatim:https://NOMINATIM.OpenStreetMap.org.:443/x", "cases.E003"),
        ("nominatim:https://eu1.locationiq.com/v1", "cases.E003"),
        ("nominatim:http://geo.force.ma", "cases.E004"),
        ("photon:http://8.8.8.8:2322", "cases.E004"),
        ("google:https://geo.force.ma", "cases.E002"),
        ("https://geo.force.ma", "cases.E002"),
        ("nominatim:geo.force.ma", "cases.E002"),
        ("nominatim:https://user:word@geo.force.ma", "cases.E002"),
        ("nominatim:https://geo.force.ma/?key=1", "cases.E002"),
        ("nominatim:https://[::1", "cases.E002"),
    ],
)
def test_a_geocoder_that_is_not_the_forces_own_is_refused_with_the_reason(settings, told, code):
    settings.GEOCODER = told
    (found,) = geocoder_is_the_forces_own(None)
    assert found.id == code
    assert found.hint is not None
    assert "docs/places.md" in found.hint


@pytest.mark.parametrize(
    "told",
    [
        "",
        "nominatim:https://geo.force.ma",
        "photon:https://geo.force.ma:8443/photon",
        "nominatim:http://10.1.2.3:8080",
        "nominatim:http://[fd00::1]:8080",
        "photon:http://geocoder:2322",
        "nominatim:http://geo.force.internal",
        "nominatim:https://openstreetmap.org.force.ma",
    ],
)
def test_the_forces_own_is_accepted(settings, told):
    settings.GEOCODER = told
    assert geocoder_is_the_forces_own(None) == []


def test_bad_rows_of_an_own_list_stop_at_start_up_with_line_and_cure(settings, tmp_path):
    own = tmp_path / "own.csv"
    rows = "".join(f"Poste,34.0,-6.85,{error},office\n" for error in (100, 0, "x", *[-1] * 30))
    own.write_text(f"fr,lat,lon,error_m,kind\n{rows}", encoding="utf-8")
    settings.COUNTRY = pack.load(settings.BASE_DIR / "project" / "countries" / "ma.toml", own_files=[own])
    found = own_places_are_whole(None)
    assert str(found[0].msg) == "PLACES_FILES: own.csv, line 3: error_m: out of range"
    assert found[0].hint is not None
    assert "Write how many metres" in found[0].hint
    assert "line 4" in str(found[1].msg)
    assert "12 more" in str(found[-1].msg)
    assert {item.id for item in found} == {"cases.E001"}


def test_without_lists_of_its_own_nothing_is_said():
    assert settings.COUNTRY.own_files == ()
    assert own_places_are_whole(None) == []

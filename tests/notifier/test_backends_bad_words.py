"""What we are given to say, and to whom, on every channel over a real socket: said as fit() said, or a typed
refusal before anything leaves.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from notifier.actions import Action, action
from notifier.backends.base import Backend
from notifier.backends.kannel import KannelBackend
from notifier.backends.twilio import TwilioBackend
from notifier.message import Accepted, DeliveryError, Message, Text
from notifier.simulators.record import Recorder
from notifier.simulators.run import Plan, Simulators, running
from tests.notifier.test_backends_email import email
from tests.notifier.test_backends_facebook import facebook
from tests.notifier.test_backends_instagram import instagram
from tests.notifier.test_backends_kannel import OPTIONS
from tests.notifier.test_backends_whatsapp import whatsapp

URL = "https://najda.invalid/ar/a/K7M2XQ4T/"
PHONE = "+212600000001"
WORDS = {
    "emoji": "طفلة مفقودة 👧🏽 في الرباط 🇲🇦",
    "lines of two directions": "مفقودة: Yassine Benali, 9 ans\nقرب Gare Rabat-Ville (خروج 2)",
    "nothing to be seen": "طف\u200bلة مف\ufeffقودة\u200f في\u202a الر\u00adباط\u2069",
    "decomposed": "Disparue à Fès: Zoé Traoré".replace("é", "e\u0301").replace("è", "e\u0300"),
    "signs of a machine": "\x07مفقودة\x00 اليوم\x1b",
    "a header of its own": "مفقودة\r\nBcc: all@example.org\r\n\r\nfin",
    "markup": '<b>مفقودة</b> & "Salé" <script>alert(1)</script> {{1}}',
}
TOO_LONG = {"kannel": 2000, "twilio": 2000, "facebook": 70_000, "instagram": 2500, "whatsapp": 2000}


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("public")
    for kind in ("JPEG", "PNG", "WEBP"):
        Image.new("RGB", (400, 400), "teal").save(
            folder / f"face.{kind.lower().replace('jpeg', 'jpg')}", kind
        )
    (folder / "face.png.jpg").write_bytes((folder / "face.png").read_bytes())
    Image.new("RGB", (300, 900), "teal").save(folder / "tall.jpg", "JPEG")
    return folder


@pytest.fixture(scope="module")
def simulators() -> Iterator[Simulators]:
    with running(Plan()) as running_ones:
        yield running_ones


def twilio(base_url: str, **more: object) -> TwilioBackend:
    known = {"account_sid": "AC00000000000000000000000000005151", "auth_token": "simulated"}
    return TwilioBackend(
        "twilio", {**known, "base_url": base_url, "sender": "NAJDA", "timeout_s": 2.0, **more}
    )


def backends(simulators: Simulators, media: Path) -> dict[str, tuple[Backend, Recorder]]:
    """Each backend, and who writes down what its public was told."""
    here = {"url": simulators.sms_url, "username": "simulated", "password": "simulated"}
    url = "http://media.invalid"
    return {
        "kannel": (KannelBackend("sms", {**OPTIONS, **here}), simulators.recorders[0]),
        "email": (email(simulators.ports["smtp"]), simulators.recorders[1]),
        "facebook": (facebook(simulators.graph_url, media), simulators.recorders[2]),
        "whatsapp": (whatsapp(simulators.whatsapp_url, media_url=url), simulators.others[0]),
        "twilio": (twilio(simulators.twilio_url), simulators.others[1]),
    }


def message(name: str, text: Text, to: str = "") -> Message:
    known = {"email": "sim-ok@example.org", "facebook": ""}
    return Message(f"r-{name}", to or known.get(name, PHONE), "ar", text, texts={"ar": text})


@pytest.mark.parametrize("words", WORDS)
def test_what_is_said_is_what_was_weighed_or_nothing(simulators: Simulators, media: Path, words: str) -> None:
    said = WORDS[words]
    text = Text(subject="[تنبيه] مفقودة", body=f"{said}\n{URL}", short=f"{said}\n{URL}", url=URL)
    refused: list[str] = []
    for name, (backend, recorder) in backends(simulators, media).items():
        one = message(name, text)
        before = recorder.counts["received"]
        (outcome,) = backend.send([one])
        if isinstance(outcome, DeliveryError):
            refused.append(name)
            assert outcome.permanent, name
            assert recorder.counts["received"] == before, name
            continue
        assert isinstance(outcome, Accepted), name
        expected = backend.fit(one).text
        heard = recorder.latest[-1].text
        assert heard.split() == expected.split(), name
        assert "\u200b" not in heard or name in ("email", "facebook")
    assert refused == []


@pytest.mark.parametrize("name", TOO_LONG)
def test_what_is_too_long_never_leaves(simulators: Simulators, media: Path, name: str) -> None:
    long = "ا" * TOO_LONG[name]
    text = Text(subject="[تنبيه]", body=long, short=long, url=URL, photo_name="face.jpg")
    made = {n: b for n, (b, _) in backends(simulators, media).items()}
    made["instagram"] = instagram(simulators.instagram_url, "http://media.invalid", media)
    (refused,) = made[name].send([Message("r", PHONE, "ar", text, texts={"ar": text})])
    assert isinstance(refused, DeliveryError)
    assert (refused.kind, action(refused)) == ("too_long", Action.FALL_OVER)


@pytest.mark.parametrize(
    ("photo", "detail"),
    [("face.png", "not a JPEG"), ("face.webp", "not a JPEG"), ("face.png.jpg", "not a JPEG"),
     ("tall.jpg", "aspect 0.33"), ("gone.jpg", "not published"), ("", "no picture")],
)  # fmt: skip
def test_a_photo_instagram_would_refuse_never_leaves(
    simulators: Simulators, media: Path, photo: str, detail: str
) -> None:
    text = Text(subject="[تنبيه]", body="مفقودة", photo_name=photo)
    backend = instagram(simulators.instagram_url, "http://media.invalid", media)
    (refused,) = backend.send([Message("r", texts={"ar": text})])
    assert refused == DeliveryError(permanent=True, kind="no_media", detail=detail)


@pytest.mark.parametrize("name", ["kannel", "twilio", "whatsapp", "email"])
@pytest.mark.parametrize(
    "to", ["0612345678", "212612345678", "+2126", "+212 6 12 34 56 78", "+٢١٢٦", "null", "@"]
)
def test_an_address_that_is_none_never_leaves(
    simulators: Simulators, media: Path, name: str, to: str
) -> None:
    backend, recorder = backends(simulators, media)[name]
    before = dict(recorder.counts)
    (refused,) = backend.send([message(name, Text("s", "مفقودة", f"مفقودة\n{URL}", URL), to=to)])
    assert isinstance(refused, DeliveryError)
    assert (refused.kind, action(refused)) == ("bad_address", Action.FALL_OVER)
    assert recorder.counts == before


DEAD: dict[str, Callable[[Simulators, Path], Backend]] = {
    "kannel": lambda s, _: KannelBackend("sms", {**OPTIONS, "url": s.sms_url, "password": "dead"}),
    "twilio": lambda s, _: twilio(s.twilio_url, auth_token="dead", api_key=""),
    "facebook": lambda s, m: facebook(s.graph_url, m, access_token="dead"),
    "whatsapp": lambda s, _: whatsapp(s.whatsapp_url, access_token="dead", media_url="http://m.invalid"),
    "instagram": lambda s, m: instagram(s.instagram_url, "http://m.invalid", m, access_token="dead"),
}


@pytest.mark.parametrize("name", DEAD)
def test_a_dead_token_pages_and_everything_waits(simulators: Simulators, media: Path, name: str) -> None:
    backend = DEAD[name](simulators, media)
    text = Text(subject="[تنبيه]", body="مفقودة", short=f"مفقودة\n{URL}", url=URL, photo_name="face.jpg")
    (refused,) = backend.send([message(name, text)])
    assert isinstance(refused, DeliveryError)
    assert (refused.kind, action(refused)) == ("credentials", Action.PAGE)
    assert [problem.kind for problem in backend.check() if problem.serious] == ["credentials"]


def test_a_page_of_another_owner_is_a_right_that_is_missing(simulators: Simulators, media: Path) -> None:
    backend = facebook(simulators.graph_url, media, page_id="page-error-100-33")
    for photo in ("", "face.jpg"):
        text = Text(subject="[تنبيه]", body="مفقودة", photo_name=photo)
        (refused,) = backend.send([Message("r", texts={"ar": text})])
        assert isinstance(refused, DeliveryError)
        assert (refused.kind, action(refused)) == ("permission", Action.PAGE_AND_FALL_OVER)

"""What people send by WhatsApp, to its end: a report, a robbery, a second witness, an old clip.

Call-backs come in as the simulator signs them; files are handed out and answers taken by the line alone.
"""

import hashlib
import io
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import av
import pytest
from django.test import Client

from alerts import statements
from alerts.models import Statement
from alerts.statements import checking
from cases.models import Case, ThreadEntry
from notifier import dispatch, inbound
from notifier.backends.whatsapp import WhatsAppBackend
from notifier.http import Request, Response
from notifier.models import Batch, InboundEvent
from notifier.simulators.whatsapp_public import MEDIA_TYPES, WhatsAppHooks
from tests import people
from tests.alerts import scene
from tests.tips import arrivals
from tests.tips.a_tip import yusuf
from tips import deciding, handing, promote, seeing
from tips.files import attaching, footage, likening, verdicts
from tips.models import Attachment, Tip
from trust import clock
from trust.models import AuditEntry, Decision, Task, Unit

pytestmark = pytest.mark.django_db
TOKEN, SECRET, BASE = "w" * 32, "the app's secret", "http://127.0.0.1:9"
OPTIONS = {
    "phone_number_id": "1", "waba_id": "2", "access_token": "token", "app_secret": SECRET,
    "verify_token": "agreed", "api_version": "v25.0", "base_url": BASE,
}  # fmt: skip
ACCOUNT = {"waba_id": "2", "phone_number_id": "1", "display_phone_number": "212537000000"}
MOTHER, NEIGHBOUR, ANOTHER = "+212661234567", "+212661234568", "+212661234569"
FILES: dict[str, tuple[str, bytes]] = {}
SAID: list[dict[str, Any]] = []


class Line(WhatsAppBackend):
    """WhatsApp as it is, but for the line to Meta."""

    def __init__(self, alias: str, options: Any) -> None:
        super().__init__(alias, options, transport=_answered)


def _answered(request: Request) -> Response:
    path = request.url.partition("?")[0]
    if request.method == "POST":
        SAID.append(json.loads(request.content or b""))
        return Response(200, {}, json.dumps({"messages": [{"id": f"wamid.OUT{len(SAID)}"}]}).encode())
    name = path.rstrip("/").rpartition("/")[2]
    media_type, data = FILES[name]
    if "/bytes/" in path:
        return Response(200, {"content-type": media_type}, data)
    told = {
        "id": name, "url": f"{BASE}/bytes/{name}", "mime_type": media_type,
        "sha256": hashlib.sha256(data).hexdigest(), "file_size": len(data),
    }  # fmt: skip
    return Response(200, {}, json.dumps(told).encode())


class Meta:
    """Call back through Django's client, twice, as Meta does when it is unsure."""

    def call(self, method: str, url: str, body: bytes = b"", headers: Any = None) -> None:
        given = {name: value for name, value in (headers or {}).items() if name != "Content-Type"}
        for _time in range(2):
            answer = Client(headers=given).generic(method, url, body, content_type="application/json")
            assert answer.status_code == 200


@pytest.fixture(autouse=True)
def whatsapp(settings: Any) -> Iterator[None]:
    FILES.clear()
    SAID.clear()
    likening.forget()
    entry = {"BACKEND": "tests.journeys.test_tips_whatsapp.Line", "CHANNEL": "whatsapp", "OPTIONS": OPTIONS}
    settings.HOOK_TOKENS = {**settings.HOOK_TOKENS, "whatsapp": TOKEN}
    settings.NOTIFIER = {**settings.NOTIFIER, "whatsapp": {**entry, "SIMULATOR": OPTIONS}}
    yield
    likening.forget()


@pytest.fixture
def ines() -> Any:
    officer = people.ines()
    Unit.objects.filter(pk=people.unit().pk).update(duty_officer=officer)
    people.omar()
    return officer


_HOOKS = WhatsAppHooks(ACCOUNT, f"/hooks/whatsapp/{TOKEN}/", SECRET, Meta())  # type: ignore[arg-type]  # all it asks


def sends(who: str, kind: str = "text", *, data: bytes = b"", **fields: str) -> Tip:
    """Have somebody send one message; return the tip it is in once all is fetched and looked at."""
    media: dict[str, str] = {}
    if data:
        name = str(9000 + len(FILES))
        FILES[name] = (MEDIA_TYPES[kind], data)
        media = {"id": name, "sha256": hashlib.sha256(data).hexdigest()}
    _HOOKS.write({"from": who, "type": kind, **fields}, media)
    event = InboundEvent.objects.latest("received_at")
    assert inbound.announce(event.pk)
    for pk in attaching.due():
        assert attaching.work(pk)
    return Tip.objects.filter(witness__isnull=False).latest("heard_at", "received_at")


def heard(who: str) -> list[str]:
    """What Meta was asked to bring to this number by now, oldest first."""
    dispatch.work("whatsapp")
    mine = [said for said in SAID if str(said.get("to", "")).lstrip("+") == who.lstrip("+")]
    return [json.dumps(said, ensure_ascii=False) for said in mine]


def voice() -> bytes:
    """Two seconds of a tone, as a telephone records a voice note."""
    held = io.BytesIO()
    with av.open(held, "w", format="ogg") as file:
        stream: Any = file.add_stream("libopus", rate=48_000)
        stream.layout = "mono"
        for number in range(100):
            frame = av.AudioFrame(format="s16", layout="mono", samples=960)
            frame.planes[0].update(bytes((number * 7 % 251, 3)) * 960)
            frame.rate, frame.pts = 48_000, number * 960
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return held.getvalue()


def acts(tip: Tip) -> list[str]:
    return list(AuditEntry.objects.filter(subject=tip.pk).order_by("id").values_list("action", flat=True))


def test_a_voice_note_and_a_pin_with_nothing_searched_for_become_a_case(ines: Any) -> None:
    tip = sends(MOTHER, "audio", data=voice())
    (row,) = tip.attachments.all()
    assert (row.kind, row.state, row.original_sha256) == ("audio", "ready", row.said_sha256)
    task = Task.objects.still_open().get(kind="possible_report")
    assert (task.owner, task.subject) == (ines, tip.pk)
    assert Batch.objects.filter(kind="page").exists()
    (answer,) = heard(MOTHER)
    assert tip.reference in answer
    assert (tip.language, "/ar/tip/follow/" in answer) == ("ar", True)

    same = sends(MOTHER, "location", latitude="34.0331", longitude="-6.7985")
    assert same.pk == tip.pk
    assert (same.place["how"], Tip.objects.count()) == ("pin", 1)

    seeing.see(same, ines)
    bits = promote.ReportBits(given_name="Adam", age_years=9, sex="boy")
    case = Case.objects.get(pk=promote.to_case(same, ines, bits).pk)
    point = case.last_seen_point
    assert point is not None
    assert (round(point.lat, 4), case.last_seen_error_m, case.filed_how) == (34.0331, 30, "tip")
    assert case.reporter["phone"] == MOTHER
    assert Task.objects.still_open().filter(kind="new_report", subject=case.pk).exists()
    assert case.reference in heard(MOTHER)[-1]
    assert Attachment.objects.get().tip_id == same.pk  # evidence of the tip, and no photo of the child


def test_a_film_of_a_robbery_is_handed_over_and_the_clock_stops_at_its_acknowledgement(ines: Any) -> None:
    words = "سرقة: جوج دراري فوق موطور خطفو صاك ديال مرا"
    tip = sends(NEIGHBOUR, "video", data=arrivals.clip(1), text=words)
    seeing.see(tip, ines)
    there = people.unit("sale")
    Unit.objects.filter(pk=there.pk).update(duty_officer=yusuf())
    handing.hand_over(tip, ines, Unit.objects.get(pk=there.pk), "vol à l’arraché, filmé")
    tip.refresh_from_db()
    assert (tip.state, tip.acknowledged_at) == ("handed_over", None)
    owed = Task.objects.still_open().get(kind="tip_handed")
    assert (owed.unit, owed.owner) == (there, yusuf())
    assert any(entry.code == "tip_handed" for entry in ThreadEntry.objects.filter(subject=tip.pk))
    assert len(heard(NEIGHBOUR)) >= 2
    handing.acknowledge(tip, yusuf())
    tip.refresh_from_db()
    assert tip.acknowledged_at is not None
    assert not Task.objects.still_open().filter(kind="tip_handed").exists()
    assert acts(tip)[-1] == "tip.acknowledged"


def test_the_second_witness_opens_again_what_was_closed_for_the_first(ines: Any) -> None:
    scene.signed()
    seen = "شفت البنت بفستان أحمر ركبات فطاكسي 44 أ 1234 حدا محطة القطار أكدال"
    first = sends(NEIGHBOUR, text=seen)
    seeing.see(first, ines)
    deciding.close(first, ines, "unrelated", "other", words="rien de précis")
    second = sends(ANOTHER, text="بنت صغيرة بالأحمر داخل الطاكسي 44 أ 1234، كانت تبكي")
    assert second.pk != first.pk
    first.refresh_from_db()
    assert (first.state, first.decided_by, first.decided_code) == ("seen", ines, "other")
    assert first.cluster == second.cluster
    assert Task.objects.still_open().get(kind="tip_reopened").owner == ines
    assert acts(first)[-1] == "tip.reopened"


def test_an_old_clip_is_recognised_and_answered_by_a_statement_that_two_people_sign(ines: Any) -> None:
    known = footage.add_file(
        arrivals.clip(1, 12.0), "Dispute au marché", "Tunis, chaîne locale", date(2023, 5, 2)
    )
    words = "فيديو خطف بنت فالرباط اليوم https://www.facebook.com/p/77"
    tip = sends(NEIGHBOUR, "video", data=arrivals.part_of_clip(1, 12.0), text=words)
    (row,) = tip.attachments.all()
    assert [one.get("footage") for one in row.likenesses] == [str(known.pk)]
    assert any(code == "old_footage" for code, _values in tip.reasons)
    assert tip.reference in heard(NEIGHBOUR)[0]

    seeing.see(tip, ines)
    verdicts.give(row, ines, "old", "Tunis, 2023 : même marché, même enseigne")
    made = deciding.refute(tip, ines, "old", "older_footage")
    if Decision.objects.filter(act=deciding.ACT, subject=tip.pk, outcome="").exists():
        deciding.second(tip, people.omar(), agree=True)
    tip.refresh_from_db()
    assert (tip.state, made.kind, made.tip_id) == ("old", "old_footage", tip.pk)
    assert {"kind": "footage", "id": str(known.pk)} in made.evidence
    texts = {
        "ar": {"title": "فيديو قديم", "body": "هذا الفيديو صُوّر سنة 2023 خارج المغرب."},
        "fr": {"title": "Une vidéo ancienne", "body": "Cette vidéo a été filmée en 2023 hors du Maroc."},
        "en": {"title": "An old video", "body": "This video was filmed in 2023 outside Morocco."},
    }
    statements.edit(made, ines, texts=texts)
    seen = [finding.key for finding in checking.findings(Statement.objects.get(pk=made.pk))]
    proposed = statements.propose(Statement.objects.get(pk=made.pk), ines, seen=seen)
    signed = statements.sign(proposed, people.omar(), digest=proposed.digest, factor_at=clock.now())
    assert signed.state == "signed"
    assert [one.pk for one in statements.found("https://www.facebook.com/p/77")] == [made.pk]

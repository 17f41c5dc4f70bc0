"""Everything a family may say, typed into the real screens and looked for in all the bytes that are kept.

What is typed is made from the declaration: a field that is added to cases/fields.toml is covered by itself.
"""

import io
import json
import logging
import re
from datetime import timedelta
from html import unescape

import pytest
from celery import current_app
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from cases import conflict, consent_text, fields, vocabulary
from cases.fields import Field
from cases.forms import declared
from cases.forms.screens import SCREENS
from cases.models import Amendment, Case, StepCount, VoiceNote
from cases.retention import DECLARED
from cases.views import key
from notifier import waking
from project.logs import JsonFormatter, NoPersons
from tests import people
from tests.cases import family
from tests.cases.media import recordings
from tests.desk.test_dump import found, kept_files, raw
from trust import clock
from trust.fields import EncryptedField
from trust.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.long_on_postgresql]

LANGUAGES = [code for code, _name in settings.LANGUAGES]
SEALED = ("officers", "restricted")
SCRIPT = {"ar": "سرّ", "fr": "secrète", "en": "secret"}
# Codes that stand in clear on purpose: what a guardian is to the child is a part of the consent, which
# outlives the case.
STANDS_IN_CLEAR = {"relation", "authority"}
STANDS_IN_CONSENTS = {channel.code for channel in consent_text.channels()}  # some are networks' names too
CAMERA = "Spycam-Ouarzazi"
ARTIST = "Fotograf-Tagmouti"
CLIENT_NAME = "yasmine-chez-tante.jpg"


class Family:
    """Fill in every field with words of its own; `typed` is what must be found nowhere in clear."""

    def __init__(self, language: str, in_clear_before: bytes) -> None:
        self.language, self.before = language, in_clear_before
        self.typed: dict[str, str] = {}
        self.client = Client()

    def word(self, name: str) -> str:
        """Return a text that nothing else in the world says, in the language's script."""
        said = f"{SCRIPT[self.language]} {name.replace('_', '')}-{self.language}q"
        self.typed[f"{self.language} {name}"] = said
        return said

    def code(self, name: str, listed: str) -> str:
        """Return a code of the list that the database does not hold for some other reason."""
        for code in vocabulary.offered(listed):
            if code in STANDS_IN_CONSENTS or len(code) < 6:
                continue
            if code != "unknown" and code.encode() not in self.before:
                if name.partition("-")[0] not in STANDS_IN_CLEAR:
                    self.typed[f"{self.language} {name}"] = code
                return code
        return vocabulary.offered(listed)[0]

    def answers(self, screen: str) -> dict[str, object]:
        said: dict[str, object] = {}
        for one in fields.on_screen(screen):
            if not one.columns:
                said.update(self._answer(one))
        return said

    def _answer(self, one: Field) -> dict[str, object]:
        if one.kind == "rows":
            return {
                declared.part_name(one, 0, part): self._part(f"{one.name}-{part}", kind)
                for part, kind in one.parts.items()
            }
        if one.kind == "text":
            return {one.name: self.word(one.name)}
        if one.kind == "number":
            return {one.name: str(one.high - 1)}
        code = self.code(one.name, one.vocabulary)
        return {one.name: [code] if one.kind in ("codes", "clothing") else code}

    def _part(self, name: str, kind: str) -> object:
        what, _bar, listed = kind.partition(":")
        if what == "text":
            return self.word(name)
        return [self.code(name, listed)] if what == "codes" else self.code(name, listed)


def shot() -> bytes:
    """Return a photo that says who took it with what, and where."""
    exif, out = Image.Exif(), io.BytesIO()
    exif[0x010F], exif[0x013B] = CAMERA, ARTIST
    Image.effect_noise((640, 480), 90).convert("RGB").save(out, "JPEG", exif=exif, comment=b"Chez-Mbarka")
    return out.getvalue()


PHOTO = shot()  # made before anything is logged: Pillow tells its own log what it writes


def voice(seconds: float) -> SimpleUploadedFile:
    sound = recordings.recorded("dictation", seconds, metadata={"title": "Titre-de-Zhor"})
    return SimpleUploadedFile("voix-de-zhor.mp3", sound, "audio/mpeg")


def phone(number: int) -> str:
    return f"06{61234500 + number}"


def tell_all(one: Family, number: int) -> Case:
    """Walk every screen of the form in one language, then say all of it again in other words."""
    base, client = f"/{one.language}/report/", one.client
    start = family.form(
        name_1=one.word("start name"), last_seen_words=one.word("start place"), phone=phone(number),
        lat="33.995118", lon="-6.850227", voice_start=voice(1.1 + number / 10),
    )  # fmt: skip
    page = client.post(base, start)
    assert page.status_code == 200, page.context["form"].errors
    case = Case.objects.get(reference=page.context["received"].reference)
    one.typed[f"{one.language} phone"] = phone(number)[1:]
    one.typed[f"{one.language} secret"] = page.context["digits"]
    one.typed[f"{one.language} words"] = page.context["words"]
    for screen in SCREENS:
        save(one, case, screen, {**one.answers(screen), **columns(one, screen, number)})
    save(one, case, "last_seen", {"last_seen_words": one.word("other place"), "place_choice": "words"})
    save(one, case, "you", {"phone": phone(number + 10), "name": one.word("other name")})
    titles(one, case)
    message = {"key": key.field(case), "act": "write", "body": one.word("message")}
    client.post(f"{base}follow/", {**message, "voice_thread": voice(2.1 + number / 10)})
    return case


def titles(one: Family, case: Case) -> None:
    """See that no page of the thread says in its title, where other people look, what it is about."""
    words = {name: said for name, said in one.typed.items() if SCRIPT[one.language] in said}
    for page in ("more/", "follow/", *(f"more/{screen}/" for screen in SCREENS)):
        shown = one.client.get(f"/{one.language}/report/{page}").content.decode()
        title = re.search(r"<title>(.*?)</title>", shown, re.DOTALL)
        assert title
        assert found(words, unescape(title[1]).encode()) == []
        addresses = "".join(re.findall(r'(?:href|src|action)="([^"]*)"', shown))
        assert found(words, addresses.encode()) == []


def columns(one: Family, screen: str, number: int) -> dict[str, object]:
    """Return what a screen asks that lives in columns or rows of its own."""
    born = f"{10 + number}/08/2016"
    if screen == "child":
        one.typed[f"{one.language} born"] = f"2016-08-{10 + number}"
        names = {"given_name": one.word("given"), "family_name": one.word("family")}
        return {**names, "other_choice": "own", "other_name": one.word("other script"), "birth_date": born}
    if screen == "photos":
        return {"photos": family.upload(PHOTO, CLIENT_NAME)}
    if screen == "places":
        named = {name: one.word(f"place {name}") for name in ("words", "person", "with_whom")}
        one.typed[f"{one.language} place phone"] = f"05{37001100 + number}"
        kind = one.code("kind of place", "place_kind")
        return {**named, "kind": kind, "phone": f"05{37001100 + number}", "act": "add"}
    if screen == "you":
        words = {"name": one.word("reporter"), "document": one.word("document")}
        one.typed[f"{one.language} e-mail"] = mail = f"mere.{one.language}@maison-ouarzazi.example"
        return {**words, "relation": "mother", "phone": phone(number), "email": mail}
    if screen == "consent":
        return {"answer": "all", "relation": "mother", "until": "two_days"}
    return {}


def save(one: Family, case: Case, screen: str, said: dict[str, object]) -> None:
    address = f"/{one.language}/report/more/{screen}/"
    page = one.client.post(address, {"act": "save", **said, "key": key.field(case)})
    assert page.status_code in (200, 302), (screen, page.context and page.context["form"].errors)
    form = page.context["form"] if page.context and "form" in page.context else None
    assert not getattr(form, "errors", None), screen
    assert "?" not in page.get("Location", "")


def by_officers(case: Case, one: Family) -> None:
    """Have officers see two guardians in conflict, and an authority decide."""
    ground = vocabulary.codes("conflict_ground")[-1]
    conflict.raise_conflict(case, ground, people.ines())
    one.typed[f"{one.language} ground"] = ground
    today = clock.now().date() - timedelta(days=1)
    conflict.settle(case, people.omar(), one.word("authority name"), one.word("decision"), today)


@pytest.fixture
def everything(ines, caplog, monkeypatch, django_capture_on_commit_callbacks):
    """Tell all in every language; return what was typed, what was logged, and what was sent to the broker."""
    caplog.set_level(logging.DEBUG)
    sent: list[str] = []
    monkeypatch.setattr(
        current_app, "send_task", lambda *said, **more: sent.append(json.dumps([said, more], default=str))
    )
    monkeypatch.setattr(waking, "_muted_until", 0.0)
    before, typed = raw(), {}
    with django_capture_on_commit_callbacks(execute=True):
        for number, language in enumerate(LANGUAGES):
            one = Family(language, before)
            by_officers(tell_all(one, number), one)
            typed.update(one.typed)
    form, scrub = JsonFormatter(), NoPersons()
    lines = [r for r in caplog.records if not r.name.startswith("django.db") and scrub.filter(r)]
    return typed, "\n".join(form.format(record) for record in lines), "\n".join(sent)


FILES = {
    "camera": CAMERA,
    "artist": ARTIST,
    "comment": "Chez-Mbarka",
    "file": CLIENT_NAME,
    "title": "de-Zhor",
}


def test_nothing_a_family_says_lies_anywhere_in_clear(everything) -> None:
    typed, logged, sent = everything
    held = {**typed, **FILES, "point": "33.995118"}
    dump = raw()
    case = Case.objects.first()
    assert case is not None
    assert case.reference.encode() in dump  # it is the right database
    assert Amendment.objects.count() >= 2 * len(LANGUAGES)
    assert VoiceNote.objects.count() == 2 * len(LANGUAGES)
    assert found(held, dump) == []
    assert found(held, logged.encode()) == []
    assert sent
    assert found(held, sent.encode()) == []
    for path, kept in kept_files().items():
        assert found(held, kept) == [], path.name
        assert found(held, path.name.encode()) == []
    assert found(held, repr(getattr(cache, "_cache", {})).encode()) == []
    assert found(held, repr(list(AuditEntry.objects.values())).encode()) == []
    assert found(held, repr(list(StepCount.objects.values())).encode()) == []

    assert not_told() == set()


def not_told() -> set[str]:
    """Return the sealed fields of the declaration that no screen asked: they would not be looked for."""
    told = {name for case in Case.objects.all() for child in case.children.all() for name in child.facts}
    told |= {name for case in Case.objects.all() for sheet in case.sheets.all() for name in sheet.entries}
    asked = {f.name for f in fields.FIELDS.values() if f.data_class in SEALED and not f.columns}
    return asked - told


def test_every_restricted_column_is_sealed_or_says_why_not() -> None:
    """A restricted column of text that is not sealed must be named here, with what it holds."""
    clear = {
        f"{model}.{column}"
        for model, columns_ in DECLARED.items()
        for column, said in columns_.items()
        if said.data_class == "restricted"
        and not isinstance(apps.get_model("cases", model)._meta.get_field(column), EncryptedField)
    }
    assert clear == {
        "Photo.original_key", "Photo.original_sha256", "Place.error_m", "Sighting.error_m",
        "VoiceNote.original_key", "VoiceNote.original_sha256", "VoiceNote.clean_key",
        "VoiceDraft.id", "VoiceDraft.original_key", "VoiceDraft.clean_key", "VoiceDraft.seconds",
        "VoiceDraft.created_at",
    }  # fmt: skip

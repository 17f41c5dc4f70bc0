"""The one gate: nothing restricted comes out, consent is asked at each use, nobody reads round it."""

import ast
import json
from pathlib import Path

import pytest
from django.forms import MultipleChoiceField

from alerts import composing, drafting_form, facts, issue, render
from alerts.known import CONSENTED
from alerts.models import Version
from alerts.refusals import IssueRefused
from cases.fields import FIELDS, PUBLIC_FIELDS
from cases.models import Consent
from tests import people
from tests.alerts import scene
from trust import clock

ROOT = Path(__file__).parents[2]
STORED = {"texts", "ends", "fields_used"}
# The gate, those who freeze, who compares two versions, and who asks which fields are shown.
MAY_READ = {"alerts/render.py", "alerts/frozen.py", "alerts/issue/proposing.py", "alerts/issue/publishing.py",
            "alerts/withdrawal.py", "alerts/composing.py", "alerts/succession.py",
            "alerts/partners/announcing.py", "alerts/programme/contents.py",
            "alerts/lint/plain.py"}  # fmt: skip  # whose ends are those of words, of no version


def _reads(path: Path) -> list[str]:
    tree = ast.parse(path.read_text())
    return [
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Load)
        and node.attr in STORED
        and isinstance(node.value, ast.Name)
        and node.value.id in {"version", "row", "self", "obj", "draft", "proposal"}
    ]


def _may_read(path: Path) -> bool:
    """Say whether the file is named, or speaks of statements, which name no child and are no version."""
    return str(path.relative_to(ROOT)) in MAY_READ or "statement" in str(path.relative_to(ROOT))


def test_nobody_reads_what_is_stored_round_the_gate():
    sources = [*ROOT.glob("alerts/**/*.py"), *ROOT.glob("tips/**/*.py"), *ROOT.glob("project/**/*.py")]
    found = {
        str(path.relative_to(ROOT)): _reads(path)
        for path in sources
        if "migrations" not in path.parts and not _may_read(path) and _reads(path)
    }
    assert not found


def test_whoever_asks_the_gate_is_a_declared_renderer():
    tree = ast.parse((ROOT / "alerts/render.py").read_text())
    for function in [node for node in tree.body if isinstance(node, ast.FunctionDef)]:
        calls = {
            n.func.id for n in ast.walk(function) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
        }
        if calls & {"facts", "end_words"}:
            marks = [ast.unparse(d.func) for d in function.decorator_list if isinstance(d, ast.Call)]
            assert marks == ["public_renderer"], function.name
    assert set(render.RENDERERS) >= {"page", "end_page", "message", "end_message", "cap_info", "cap_end_info"}


def test_templates_see_no_stored_text():
    for path in ROOT.glob("templates/alerts/*.html"):
        assert "version.texts" not in path.read_text()


def test_only_public_fields_are_known():
    assert set(CONSENTED.values()) == set(PUBLIC_FIELDS)
    assert all(FIELDS[name].data_class == "public" for name in CONSENTED.values())


@pytest.mark.django_db
def test_no_restricted_fact_reaches_any_text(client):
    every = composing.sayable()
    assert set(every) >= {"sms", "email", "facebook", "whatsapp", "instagram", "webpush", "cap_partner"}
    version = scene.signed(scene.case(channels=("web", *every)), channels=every)
    everything = json.dumps([version.texts, version.ends], ensure_ascii=False)
    for language in ("ar", "fr", "en"):
        everything += client.get(f"/{language}/a/{version.alert.code}/").content.decode()
        everything += client.get(f"/{language}/").content.decode()
    document = version.documents.get()
    everything += client.get(f"/a/{version.alert.code}/cap/{document.identifier}.xml").content.decode()
    for feed in ("cap.atom", "cap.rss", "alerts.json"):
        everything += client.get(f"/feeds/{feed}").content.decode()
    for channel in every:
        everything += str(render.message(version, channel, clock.now()))
    assert set(version.texts["fr"]) == {"page", "cap", *every}
    assert "Amina" in everything
    for planted in scene.RESTRICTED:
        assert planted not in everything


@pytest.mark.django_db
def test_each_channel_says_only_what_was_allowed_on_it():
    about = scene.case(fields=("sex", "age", "last_seen_place", "photo"), channels=("web", "sms"))
    child = about.children.get()
    Consent.objects.create(
        case=about, child=child, fields=["name"], channels=["sms"], guardian={}, relation="mother",
        text="", text_version="t", language="fr", given_at=clock.now(),
    )  # fmt: skip
    version = scene.proposed(about, channels=["sms"])
    assert "Amina" in version.texts["fr"]["sms"]["short"]
    assert "Amina" not in json.dumps(version.texts["fr"]["page"])
    assert set(version.fields_used["page"]) == {"sex", "age", "last_seen_place", "photo"}


@pytest.mark.django_db
def test_a_consent_given_before_a_channel_existed_does_not_cover_it():
    """Who allowed what there was then has not allowed these: nothing is said there, and the desk says so."""
    apps = ["whatsapp", "instagram", "webpush", "cap_partner"]
    about = scene.verify(scene.case(channels=("web", "sms", "email", "facebook")))
    child = about.children.get()
    assert facts.covered(child, composing.sayable(), clock.now()) == ["sms", "email", "facebook"]
    start = drafting_form.from_case(about, child)
    assert start["channels"] == ["sms", "email", "facebook"]
    field = drafting_form.DraftForm(case=about, child=child).fields["channels"]
    assert isinstance(field, MultipleChoiceField)
    labels = {str(code): str(label) for code, label in field.choices}  # type: ignore[misc, union-attr]
    assert [channel for channel in labels if "–" not in labels[channel]] == start["channels"]
    version = scene.drafted(about, channels=["sms", *apps])
    said = composing.compose(version, clock.now())
    assert "name" in said.fields_used["sms"]
    assert [said.fields_used[channel] for channel in apps] == [[], [], [], []]
    assert all("Amina" not in json.dumps(said.texts["fr"][channel], ensure_ascii=False) for channel in apps)
    with pytest.raises(IssueRefused):
        issue.propose(version, people.ines())


@pytest.mark.django_db
def test_each_channel_gets_the_photo_only_where_it_carries_one():
    every = composing.sayable()
    version = scene.signed(scene.case(channels=("web", *every)), channels=every)
    shown = {
        channel
        for channel in every
        for text in (render.message(version, channel, clock.now()) or {}).values()
        if text.photo_name
    }
    assert shown == composing.CARRIES_PHOTO & set(every)
    assert "webpush" not in shown


@pytest.mark.django_db
def test_the_end_has_words_for_every_channel():
    texts = render.end_message(scene.signed(), "found")
    assert texts
    for text in texts.values():
        assert text.subject
        assert text.body
        assert text.short
        assert text.url.endswith("/")


@pytest.mark.django_db
def test_a_page_drops_what_a_withdrawal_covers_and_keeps_the_rest():
    version = scene.signed()
    Consent.objects.update(
        fields=[name for name in scene.FIELDS if name not in ("name", "photo", "clothing")]
    )
    page = render.page(version, "fr", clock.now())
    assert page
    assert page.title == "Fille disparue : 9 ans"
    assert page.photo_path == ""
    assert "Amina" not in str(page)
    assert "Vêtements" not in [line.label for line in page.lines]
    assert render.message(version, "sms", clock.now()) is None


@pytest.mark.django_db
def test_a_draft_is_previewed_and_says_what_consent_keeps_out():
    version = scene.drafted(scene.case(fields=("sex", "age"), channels=("web", "sms")), channels=["sms"])
    said = render.composed(version, clock.now())
    assert said == composing.compose(version, clock.now())
    assert "name" in render.withheld(version, clock.now())["sms"]
    assert Version.objects.get().texts is None


@pytest.mark.django_db
def test_a_mail_is_marked_up_in_its_own_direction_and_links_to_the_photo():
    texts = render.message(scene.signed(), "email", clock.now())
    assert texts
    assert '<html lang="ar" dir="rtl">' in texts["ar"].html
    assert '<html lang="fr" dir="ltr">' in texts["fr"].html
    assert f'/m/{texts["fr"].photo_name}"' in texts["fr"].html
    assert texts["fr"].subject.startswith("[ALERTE]")
    assert "{person}" in texts["fr"].unsubscribe_url
    assert texts["ar"].subject.startswith("[تنبيه]")

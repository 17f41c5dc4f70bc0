"""A draft with ten errors: every one is stopped or highlighted in the reader's language, at the desk."""

from html import escape

import pytest
from django.utils.translation import override

from alerts import issue, linting
from alerts.composing import compose
from alerts.lint_words import SENTENCES
from alerts.models import Version
from alerts.refusals import IssueRefused
from cases.models import Child, Photo
from tests import people
from tests.alerts import scene
from trust import clock

pytestmark = pytest.mark.django_db

# Ages that differ, a garment left in French, a plate, an address, health, a suspect, a foreign phone, and an
# Arabic digit misread; the photo and the expiry are planted in the row.
ADDITIONS = {
    "ar": "عمرها ٨ سنوات، قرب الباب ٣، مصابة بالربو، مع رجل في سيارة 12345-أ-6.",
    "fr": "Elle a 9 ans, vue porte 8, habite 12 rue des Orangers, asthme. Appelez le 0522 11 22 33.",
    "en": "She is 7 years old, near gate 8, in a chemise, with a man, plate 12345-A-6.",
}
EXPECTED = {
    "ar": {"age_differs", "digits_differ", "health", "suspect", "plate"},
    "fr": {"digits_differ", "home_address", "health", "foreign_number"},
    "en": {"age_differs", "digits_differ", "garment", "suspect", "plate"},
}


def planted() -> Version:
    """Return the draft as somebody who goes round the desk would leave it."""
    version = scene.drafted()
    case = version.alert.case
    sibling = Child.objects.create(case=case, position=1, given_name="Youssef", name_arabic="يوسف")
    first = version.child.photos.get()
    Photo.objects.create(
        child=sibling, original_key=first.original_key, original_sha256=first.original_sha256,
        clean_key=first.clean_key, clean_sha256=first.clean_sha256, width=60, height=80, added_at=clock.now(),
    )  # fmt: skip
    version.additions, version.duration_s = ADDITIONS, 30 * scene.DAY_S
    version.save()
    return scene.stored(version)


def found(version: Version):
    return linting.findings(version, compose(version, clock.now()), clock.now())


def test_every_planted_error_is_found() -> None:
    by_language: dict[str, set[str]] = {code: set() for code in ("", *EXPECTED)}
    for finding in found(planted()):
        by_language[finding.language].add(finding.code)
    for language, codes in EXPECTED.items():
        assert codes <= by_language[language], language
    assert {"photo_sibling", "expiry_long"} <= by_language[""]


def test_the_ten_stop_the_proposal_whatever_is_ticked() -> None:
    version = planted()
    seen = [finding.key for finding in found(version)]
    with pytest.raises(IssueRefused) as refused:
        issue.propose(version, people.ines(), seen=seen)
    assert refused.value.code == "lint_stop"
    assert scene.stored(version).state == Version.State.DRAFT


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_page_names_each_in_the_language_of_its_reader(client, language: str) -> None:
    version = planted()
    ines = people.ines()
    ines.language = language
    ines.save()
    people.login(client, ines)
    page = client.get(f"/police/alerts/version/{version.pk}/change/", headers={"accept-language": language})
    text = page.content.decode()
    with override(language):
        for code in {code for codes in EXPECTED.values() for code in codes} | {
            "photo_sibling",
            "expiry_long",
        }:
            assert escape(str(SENTENCES[code][0])) in text, code
    for words in ("12 rue des Orangers", "12345-A-6", "0522 11 22 33", "chemise", "بالربو", "٨ سنوات"):
        assert f">{escape(words)}</mark>" in text
    assert "/propose/" not in text


@pytest.mark.parametrize("number", range(3))
def test_an_honest_draft_is_proposed_without_a_tick(number: int) -> None:
    version = scene.drafted()
    assert found(version) == ()
    said: tuple[dict[str, str], ...] = (
        {},
        {"ar": "تتكلم العربية.", "fr": "Elle parle arabe.", "en": "She speaks Arabic."},
        {"ar": "قد تخاف.", "fr": "Elle peut avoir peur.", "en": "She may be afraid."},
    )
    additions = said[number]
    version = issue.revise(version, people.ines(), additions=additions)
    proposed = issue.propose(version, people.ines())
    assert proposed.state == Version.State.PROPOSED
    for language, words in additions.items():
        assert words in proposed.texts[language]["email"]["body"]
        assert words in str(proposed.texts[language]["page"]["lines"])


def test_a_warning_must_be_ticked_and_the_signer_reads_it_under_the_digest() -> None:
    version = warned()
    with pytest.raises(IssueRefused) as refused:
        issue.propose(version, people.ines())
    assert refused.value.code == "lint_unseen"
    proposed = issue.propose(version, people.ines(), seen=[f.key for f in found(version)])
    assert {line["code"] for line in proposed.warnings} == {"vehicle"}
    row = scene.stored(proposed)
    row.warnings = []
    row.save(update_fields=["warnings"])
    with pytest.raises(IssueRefused) as refused:
        issue.sign(row, people.omar(), digest=proposed.digest, factor_at=clock.now())
    assert refused.value.code == "digest_differs"


def test_a_tick_does_not_cover_words_written_after_it() -> None:
    version = warned()
    seen = [f.key for f in found(version)]
    changed = issue.revise(
        version, people.ines(), additions={"ar": "في شاحنة.", "fr": "Dans une berline.", "en": "In a van."}
    )
    with pytest.raises(IssueRefused) as refused:
        issue.propose(changed, people.ines(), seen=seen)
    assert refused.value.code == "lint_unseen"


def warned() -> Version:
    return issue.revise(
        scene.drafted(),
        people.ines(),
        additions={"ar": "شوهدت قرب سيارة.", "fr": "Vue près d’une voiture.", "en": "Seen near a car."},
    )


@pytest.mark.parametrize("said", [{"fr": "Elle parle arabe."}, {"ar": "ا" * 161, "fr": "a", "en": "a"}])
def test_a_sentence_is_in_every_language_and_short(said: dict[str, str]) -> None:
    with pytest.raises(IssueRefused) as refused:
        issue.revise(scene.drafted(), people.ines(), additions=said)
    assert refused.value.code == "additions"


def test_a_photo_of_the_child_alone_is_no_siblings() -> None:
    version = scene.drafted()
    assert version.photo is not None
    assert not {f.code for f in found(version)} & {"photo_sibling", "photo_other_child"}


def test_an_area_elsewhere_is_stopped_and_one_larger_than_the_country_asked_about() -> None:
    version = scene.drafted()
    version.area = {"circles": [{"lat": -6.85, "lon": 33.99, "radius_m": 10_000.0}]}
    assert {f.code for f in found(version)} == {"area_elsewhere"}
    version.area = {"circles": [{"lat": 31.0, "lon": -7.0, "radius_m": 1_000_000.0}]}
    assert {(f.code, f.is_stop) for f in found(version)} == {("area_large", False)}


UNTRANSLATED = (
    {"ar": "ترتدي pull rouge", "fr": "Elle porte un pull rouge.", "en": "She wears a red jumper."},
    {"ar": "ترتدي كنزة حمراء", "fr": "She is wearing the red jumper", "en": "She is wearing a red jumper."},
    {"ar": "ترتدي كنزة حمراء", "fr": "Elle a un pull rouge.", "en": "Elle a un pull rouge."},
    {"ar": "ترتدي كنزة حمراء", "fr": "Elle a une كنزة rouge.", "en": "She has a red jumper."},
    {"ar": "Elle a un pull rouge.", "fr": "Elle a un pull rouge.", "en": "She has a red jumper."},
)


@pytest.mark.parametrize("number", range(len(UNTRANSLATED)))
def test_nothing_untranslated_is_proposed_whatever_is_ticked(number: int) -> None:
    version = issue.revise(scene.drafted(), people.ines(), additions=UNTRANSLATED[number])
    left = {finding.code for finding in found(version) if finding.is_stop}
    assert left & {"untranslated", "garment"}
    with pytest.raises(IssueRefused) as refused:
        issue.propose(version, people.ines(), seen=[finding.key for finding in found(version)])
    assert refused.value.code == "lint_stop"
    with pytest.raises(IssueRefused) as refused:
        issue.sign(version, people.omar(), digest=version.digest, factor_at=clock.now())
    assert refused.value.code == "not_proposed"


def test_nothing_untranslated_is_signed_by_posting_past_the_pages(client) -> None:
    version = issue.revise(scene.drafted(), people.ines(), additions=UNTRANSLATED[0])
    people.login(client, people.ines())
    keys = [finding.key for finding in found(version)]
    client.post(f"/police/alerts/version/{version.pk}/propose/", {"seen": keys})
    people.login(client, people.omar())
    client.post(f"/police/alerts/version/{version.pk}/sign/", {"digest": ""})
    assert scene.stored(version).state == Version.State.DRAFT


def test_source_text_slipped_in_after_the_proposal_voids_it() -> None:
    proposed = scene.proposed()
    row = scene.stored(proposed)
    row.texts["ar"]["sms"]["parts"] = "Elle porte un pull rouge"
    row.additions = UNTRANSLATED[4]
    row.save(update_fields=["texts", "additions"])
    with pytest.raises(IssueRefused) as refused:
        issue.sign(row, people.omar(), digest=proposed.digest, factor_at=clock.now())
    assert refused.value.code == "digest_differs"
    assert scene.stored(proposed).state == Version.State.LAPSED


def test_a_photo_whose_consent_ended_is_stopped() -> None:
    version = scene.drafted()
    composed = compose(version, clock.now())
    scene.withdraw_consent(version.alert.case)
    assert "photo_consent" in {one.code for one in linting.findings(version, composed, clock.now())}

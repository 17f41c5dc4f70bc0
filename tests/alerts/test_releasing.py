"""What one officer may never say goes out when two release it: for these words, this case, this hour."""

from datetime import timedelta

import pytest

from alerts import issue, linting, releasing
from alerts.composing import compose
from alerts.models import Release, Version
from alerts.refusals import IssueRefused
from tests import people
from tests.alerts import scene
from tests.desk import pages
from trust import clock
from trust.models import AuditEntry, Decision
from trust.roles import Role

pytestmark = pytest.mark.django_db

SUSPECT = {
    "ar": "شوهدت مع رجل ملتح.",
    "fr": "Vue avec un homme barbu.",
    "en": "Seen with a man with a beard.",
}
WHY = "Sans lui personne ne la reconnaîtra."


def saying(words: dict[str, str] = SUSPECT, about=None) -> Version:
    return scene.stored(issue.revise(scene.drafted(about), people.ines(), additions=words))


def found(version: Version):
    return linting.findings(version, compose(version, clock.now()), clock.now())


def stops(version: Version) -> set[str]:
    return {one.code for one in found(version) if one.is_stop}


def ask(version: Version, *fields: str, by=None) -> Release:
    return releasing.ask(version, by or people.ines(), fields or ("suspect",), WHY, found(version))[0]


def grant(release: Release, by=None) -> None:
    decision = Decision.objects.get(act="release", subject=release.pk)
    releasing.grant(release, by or people.omar(), digest=decision.digest, factor_at=clock.now())


def code_of(act) -> str:
    with pytest.raises(IssueRefused) as refused:
        act()
    return str(refused.value.code)


def test_a_released_suspect_is_ticked_proposed_and_signed_and_the_signer_reads_by_whom() -> None:
    version = saying()
    grant(ask(version))
    assert stops(version) == set()
    assert {one.detail for one in found(version)} == {"released"}
    assert code_of(lambda: issue.propose(version, people.ines())) == "lint_unseen"
    proposed = scene.proposing(version)
    assert proposed.warnings
    assert "barbu" in str(proposed.texts["fr"]["sms"])
    (one,) = releasing.of_version(proposed)
    assert (one.decision.asked_by, one.decision.decided_by) == (people.ines(), people.omar())
    signed = issue.sign(proposed, people.omar(), digest=proposed.digest, factor_at=clock.now())
    assert signed.state == Version.State.SIGNED
    told = AuditEntry.objects.filter(action__startswith="release.").order_by("id")
    assert [(entry.action, entry.reason) for entry in told] == [
        ("release.asked", "suspect"),
        ("release.granted", "suspect"),
    ]


@pytest.mark.parametrize(
    "words",
    [
        {**SUSPECT, "fr": "Vue avec un homme barbu et grand."},
        {**SUSPECT, "en": "Seen with a man with a Beard."},
        {**SUSPECT, "ar": "شوهدت مع رجل ملتح ."},
    ],
)
def test_another_word_in_any_language_is_stopped_again(words: dict[str, str]) -> None:
    version = saying()
    grant(ask(version))
    assert stops(issue.revise(version, people.ines(), additions=words)) == {"suspect"}


def test_a_release_is_for_its_field_alone_and_a_changed_digit_of_a_plate_voids_it() -> None:
    plate = {
        "ar": "في سيارة 12345-أ-6 مع رجل.",
        "fr": "Voiture 12345-A-6, avec un homme.",
        "en": "In a car 12345-A-6 with a man.",
    }
    version = saying(plate)
    assert releasing.asked_for(found(version)) == ["suspect", "plate"]
    grant(ask(version, "plate"))
    assert stops(version) == {"suspect"}
    grant(ask(version, "suspect", "plate"))
    assert stops(version) == set()
    changed = {code: words.replace("12345", "12346") for code, words in plate.items()}
    assert stops(issue.revise(version, people.ines(), additions=changed)) == {"suspect", "plate"}


def test_another_case_with_the_same_words_is_stopped() -> None:
    grant(ask(saying()))
    assert stops(saying()) == {"suspect"}


def test_nobody_releases_their_own_question() -> None:
    both = people.officer("farid", Role.OFFICER, Role.APPROVER, at=people.unit())
    release = ask(saying(), by=both)
    assert code_of(lambda: grant(release, by=both)) == "own_question"
    assert not releasing.released(release.version, clock.now())


def test_only_who_may_sign_here_releases_and_only_with_a_fresh_factor() -> None:
    release = ask(saying())
    digest = Decision.objects.get(act="release", subject=release.pk).digest
    old = clock.now() - timedelta(hours=1)
    elsewhere = people.officer("samir", Role.APPROVER, at=people.lea().unit)
    assert code_of(lambda: grant(release, by=people.officer("ilham", Role.OFFICER, at=people.unit()))) == (
        "no_permission"
    )
    assert code_of(lambda: grant(release, by=elsewhere)) == "not_yours"
    omar = people.omar()
    assert code_of(lambda: releasing.grant(release, omar, digest=digest, factor_at=old)) == "factor_not_fresh"
    assert code_of(lambda: releasing.grant(release, omar, digest="x", factor_at=clock.now())) == (
        "words_changed"
    )
    grant(release)
    assert code_of(lambda: grant(release)) == "question_closed"


def test_a_question_and_its_answer_live_as_long_as_a_proposal(monkeypatch, settings) -> None:
    version = saying()
    late = ask(version)
    monkeypatch.setattr(clock, "SHIFT", timedelta(seconds=settings.PROPOSAL_VALID_S + 1))
    assert code_of(lambda: grant(late)) == "question_old"
    assert (releasing.lapse_due(), releasing.lapse_due()) == (1, 0)
    release = ask(version)
    grant(release)
    assert stops(version) == set()
    proposed = scene.proposing(version)
    monkeypatch.setattr(clock, "SHIFT", timedelta(seconds=2 * settings.PROPOSAL_VALID_S + 3))
    assert stops(scene.stored(version)) == {"suspect"}
    assert [one.release.pk for one in releasing.of_version(proposed)] == [release.pk]


def test_a_row_written_into_the_database_releases_nothing() -> None:
    version = saying()
    release = ask(version)
    now = clock.now()
    Decision.objects.filter(subject=release.pk).update(
        outcome="granted", decided_by=people.omar(), decided_at=now
    )
    assert stops(version) == {"suspect"}


def test_words_changed_under_a_release_release_nothing() -> None:
    version = saying()
    release = ask(version)
    grant(release)
    other = {**SUSPECT, "fr": "Vue avec un homme blond."}
    release.sentences = other
    release.save()
    assert stops(issue.revise(version, people.ines(), additions=other)) == {"suspect"}


def test_it_is_refused_with_a_reason_and_asked_again_only_then() -> None:
    version = saying()
    release = ask(version)
    assert code_of(lambda: ask(version)) == "nothing_to_release"
    assert code_of(lambda: releasing.refuse(release, people.omar(), " ")) == "reason"
    releasing.refuse(release, people.omar(), "Trop vague.")
    assert Release.objects.get(pk=release.pk).refused_because == "Trop vague."
    assert stops(version) == {"suspect"}
    assert ask(version).pk != release.pk


def test_what_cannot_be_released_is_not_asked_for() -> None:
    phone = {"ar": "اتصل بالرقم 0522112233", "fr": "Appelez le 0522112233", "en": "Call 0522112233"}
    version = saying(phone)
    assert releasing.asked_for(found(version)) == []
    assert code_of(lambda: ask(version, "suspect", "phone")) == "nothing_to_release"
    assert code_of(lambda: releasing.ask(saying(), people.ines(), ["suspect"], " ", ())) == "words"


def test_at_the_desk_one_asks_and_another_releases(client) -> None:
    version = saying()
    people.login(client, people.ines())
    page = client.get(pages.of_version(version)).content.decode()
    assert 'name="release" value="suspect"' in page
    assert "/propose/" not in page
    url = f"/police/alerts/version/{version.pk}/ask-release/"
    client.post(url, {"release": "suspect", "why": WHY})
    release = Release.objects.get()
    asked = f"/police/alerts/version/{version.pk}/release/{release.pk}/"
    own = client.get(asked)
    assert f"{asked}grant/" not in own.content.decode()
    assert asked in client.get(pages.of_case(version.alert.case)).content.decode()
    omar = people.omar()
    people.login(client, omar)
    assert asked in client.get("/police/").content.decode()
    shown = client.get(asked)
    assert WHY in pages.words(shown)
    assert all(words in pages.words(shown) for words in SUSPECT.values())
    client.post(f"{asked}grant/", {"digest": shown.context["digest"]})
    assert stops(version) == set()
    proposed = scene.proposing(version)
    signing = pages.words(client.get(pages.of_version(proposed)))
    assert "Inès Alami" in signing
    assert "Omar Tazi" in signing


def test_the_page_asks_for_the_factor_again_and_hides_the_case_of_others(client) -> None:
    version, other = saying(), saying()
    release = ask(version)
    asked = f"/police/alerts/version/{version.pk}/release/{release.pk}/"
    people.login(client, people.omar(), factor_age_s=3600)
    sent = client.post(f"{asked}grant/", {"digest": "x"})
    assert "reauthenticate" in sent["Location"]
    people.login(client, people.officer("samir", Role.APPROVER, at=people.lea().unit))
    assert client.get(asked).status_code == 404
    people.login(client, people.omar())
    assert client.get(f"/police/alerts/version/{other.pk}/release/{release.pk}/").status_code == 404

"""Two people, one digest: who may sign, what voids a proposal, and what a signature does."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction

from alerts import issue
from alerts.issue import IssueRefused
from alerts.models import Alert, Document, Version
from alerts.refusals import SENTENCES
from cases.models import Case, Consent, Photo
from tests import people
from tests.alerts import scene
from trust import clock, keys, vault
from trust.models import AuditEntry, Decision, Officer
from trust.roles import SOLE, Role

pytestmark = pytest.mark.django_db


def refused(version: Version, who, *, digest: str | None = None, factor_at="now") -> str:
    at = clock.now() if factor_at == "now" else factor_at
    with pytest.raises(IssueRefused) as told:
        issue.sign(version, who, digest=version.digest if digest is None else digest, factor_at=at)
    assert str(told.value)
    return told.value.code


def test_a_second_officer_signs_and_the_alert_goes_live(settings):
    version = scene.signed()
    alert = Alert.objects.get(pk=version.alert_id)
    assert (version.state, alert.state) == ("signed", "live")
    assert version.expires_at
    assert version.sent_at
    assert version.expires_at - version.sent_at == timedelta(seconds=scene.DAY_S)
    assert (settings.PUBLIC_MEDIA_DIR / version.public_photo).read_bytes() == scene.jpeg()
    assert Case.objects.get(pk=alert.case_id).public_since
    decision = Decision.objects.get(act="sign", subject=version.pk)
    assert (decision.outcome, decision.asked_by, decision.decided_by) == (
        "granted",
        people.ines(),
        people.omar(),
    )
    said = AuditEntry.objects.filter(subject=version.pk).order_by("id").values_list("action", flat=True)
    assert list(said) == ["version.drafted", "version.proposed", "version.signed"]


def test_ines_cannot_sign_what_she_proposed():
    version = scene.proposed()
    ines = people.ines()
    assert refused(version, ines) == "no_permission"
    ines.groups.add(people.omar().groups.get())
    both = type(ines).objects.get(pk=ines.pk)
    assert refused(version, both) == "own_proposal"


def test_the_database_refuses_a_proposer_who_signs():
    version = scene.proposed()
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(signed_by=version.proposed_by)


@pytest.mark.parametrize("age_s", [None, 301])
def test_a_factor_must_be_fresh(age_s):
    version = scene.proposed()
    at = None if age_s is None else clock.now() - timedelta(seconds=age_s)
    assert refused(version, people.omar(), factor_at=at) == "factor_not_fresh"


def test_a_superuser_signs_nothing():
    omar = people.omar()
    omar.is_superuser = True
    assert refused(scene.proposed(), omar) == "superuser"


def test_an_approver_of_another_agency_cannot_sign():
    version = scene.proposed()
    elsewhere = people.officer("paul", Role.APPROVER, at=people.unit("x", people.agency("autre")))
    assert refused(version, elsewhere) == "not_yours"


def test_lea_and_nadia_cannot_sign():
    version = scene.proposed()
    assert refused(version, people.lea()) == "no_permission"
    assert refused(version, people.nadia()) == "no_permission"


def test_an_expired_proposal_cannot_be_signed(settings):
    settings.PROPOSAL_VALID_S = -1
    version = scene.proposed()
    assert refused(version, people.omar()) == "proposal_expired"
    assert issue.expire_due() == 0
    assert scene.stored(version).state == "lapsed"
    assert Decision.objects.get(subject=version.pk).outcome == "lapsed"


def test_what_was_shown_must_be_what_is_signed():
    version = scene.proposed()
    assert refused(version, people.omar(), digest="0" * 64) == "digest_differs"
    assert scene.stored(version).state == "proposed"


def _other_photo(version: Version) -> None:
    key = vault.put(version.key_owner, scene.jpeg("blue"))
    Photo.objects.filter(child=version.child_id).update(clean_key=key)


def _text(version: Version) -> None:
    version.texts["ar"]["sms"]["short"] += "."
    version.save(update_fields=["texts"])


def _end(version: Version) -> None:
    version.ends["found"]["fr"]["body"] += "."
    version.save(update_fields=["ends"])


def _warnings(version: Version) -> None:
    version.warnings = [{"code": "elsewhere"}]
    version.save(update_fields=["warnings"])


def _column(name: str, value: object):
    return lambda version: Version.objects.filter(pk=version.pk).update(**{name: value})


CHANGES = {
    "text": _text,
    "end": _end,
    "photo": _other_photo,
    "photo taken out": _column("photo", None),
    "area": _column("area", {"circles": [{"lat": 33.99, "lon": -6.85, "radius_m": 10_001}], "polygons": []}),
    "channels": _column("channels", ["sms"]),
    "duration": _column("duration_s", scene.DAY_S + 1),
    "identifier": _column("identifier", "another"),
    "end subjects": _column("end_subjects", {}),
    "digest": _column("digest", "f" * 64),
    "fields": _column("fields_used", {"page": ["name"], "sms": [], "cap": []}),
    "case": _column("key_owner", uuid4()),
    "term": lambda version: Version.objects.filter(pk=version.pk).update(
        valid_until=version.valid_until + timedelta(hours=1)
    ),
    "proposer": lambda version: Version.objects.filter(pk=version.pk).update(proposed_by=people.lea()),
    "warnings": _warnings,
    "code": lambda version: Alert.objects.filter(pk=version.alert_id).update(code="ZZZZZZZZ"),
    "exercise made actual": lambda version: Alert.objects.filter(pk=version.alert_id).update(kind="test"),
}


@pytest.mark.parametrize("part", CHANGES)
def test_a_changed_byte_voids_the_proposal(part):
    version = scene.proposed()
    shown = version.digest
    CHANGES[part](version)
    assert refused(version, people.omar(), digest=shown) == "digest_differs"
    assert scene.stored(version).state == "lapsed"
    assert not Alert.objects.live().exists()
    assert refused(version, people.omar(), digest=shown) == "not_proposed"


@pytest.mark.parametrize("role", Role)
def test_nobody_signs_sends_back_or_refuses_their_own_in_any_role(role):
    version = scene.proposed()
    ines = people.ines()
    ines.groups.set([*Group.objects.filter(name__in=[role, Role.APPROVER])])
    again = Officer.objects.get(pk=ines.pk)
    sole = role in SOLE
    assert refused(version, again) == ("no_permission" if sole else "own_proposal")
    for act in (issue.send_back, issue.refuse):
        with pytest.raises(IssueRefused):
            act(version, again, "Parce que")
    assert scene.stored(version).state == "proposed"


def test_a_right_taken_after_the_page_was_read_signs_nothing():
    version, omar = scene.proposed(), people.omar()
    assert omar.has_perm("alerts.sign_version")
    omar.groups.clear()
    assert refused(version, Officer.objects.get(pk=omar.pk)) == "no_permission"
    Officer.objects.filter(pk=omar.pk).update(is_active=False)
    assert refused(version, Officer.objects.get(pk=omar.pk)) == "no_permission"


def test_nothing_is_proposed_before_somebody_spoke_with_the_family():
    about = scene.case()
    draft = issue.draft(about, people.ines(), area=scene.AREA, channels=["sms"], duration_s=3600)
    with pytest.raises(IssueRefused) as told:
        scene.proposing(draft)
    assert told.value.code == "not_verified"
    scene.verify(about)
    assert scene.proposing(draft).state == "proposed"


def test_a_no_after_its_time_is_kept_as_lapsed(settings):
    settings.PROPOSAL_VALID_S = -1
    version = scene.proposed()
    issue.refuse(version, people.omar(), "Trop vieux")
    assert scene.stored(version).state == "refused"
    assert Decision.objects.get(subject=version.pk).outcome == "lapsed"


def test_one_signature_is_enough_and_a_second_changes_nothing():
    version = scene.signed()
    other = people.officer("salma", Role.APPROVER, at=people.unit())
    assert refused(version, other) == "not_proposed"
    assert Document.objects.count() == 1


def test_consent_withdrawn_after_the_proposal_blocks_the_signature():
    version = scene.proposed()
    scene.withdraw_consent(version.alert.case)
    assert refused(version, people.omar()) == "no_consent"


def test_consent_that_was_asked_back_blocks_the_signature():
    version = scene.proposed()
    Consent.objects.update(withdrawal_asked_at=clock.now())
    assert refused(version, people.omar()) == "no_consent"


def test_a_conflict_or_a_closed_case_blocks_the_signature():
    version = scene.proposed()
    Case.objects.update(conflict=True)
    assert refused(version, people.omar()) == "in_conflict"
    Case.objects.update(conflict=False, state="closed")
    assert refused(version, people.omar()) == "case_not_open"


def test_a_refused_signature_leaves_no_photo_behind(settings):
    version = scene.proposed()
    Decision.objects.all().delete()  # the transaction fails after the photo was written
    before = set(settings.PUBLIC_MEDIA_DIR.glob("*.jpg"))
    with pytest.raises(Decision.DoesNotExist):
        issue.sign(version, people.omar(), digest=version.digest, factor_at=clock.now())
    assert set(settings.PUBLIC_MEDIA_DIR.glob("*.jpg")) == before
    assert scene.stored(version).state == "proposed"


def test_omar_sends_back_with_a_reason_and_ines_proposes_anew():
    version = scene.proposed()
    with pytest.raises(IssueRefused) as told:
        issue.send_back(version, people.omar(), " ")
    assert told.value.code == "reason"
    issue.send_back(version, people.omar(), "La zone est trop grande")
    assert scene.stored(version).returned_reason == "La zone est trop grande"
    following = issue.revise(scene.stored(version), people.ines(), duration_s=7200)
    assert (following.number, following.state, following.alert_id) == (2, "draft", version.alert_id)
    assert issue.propose(following, people.ines()).identifier != version.identifier


def test_a_refused_proposal_is_over():
    version = issue.refuse(scene.proposed(), people.omar(), "Pas de danger")
    with pytest.raises(IssueRefused) as told:
        issue.revise(version, people.ines(), duration_s=7200)
    assert told.value.code == "not_a_draft"


def test_a_proposal_cannot_be_changed():
    with pytest.raises(IssueRefused) as told:
        issue.revise(scene.proposed(), people.ines(), duration_s=7200)
    assert told.value.code in {"not_a_draft", "already_drafted"}


def test_texts_are_sealed_under_the_cases_key():
    version = scene.signed()
    keys.destroy(version.key_owner)
    keys.forget()
    assert scene.stored(version).texts is None


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"channels": []}, "channels"),
        ({"channels": ["pigeon"]}, "channels"),
        ({"channels": ["sms", "sms"]}, "channels"),
        ({"duration_s": 60}, "duration"),
        ({"duration_s": 8 * scene.DAY_S}, "duration"),
    ],
)
def test_a_draft_with_nonsense_is_refused(wrong, code):
    about = scene.case()
    chosen = {"area": scene.AREA, "channels": ["sms"], "duration_s": 3600} | wrong
    with pytest.raises(IssueRefused) as told:
        issue.draft(about, people.ines(), **chosen)
    assert told.value.code == code


def test_a_case_has_one_alert_at_a_time():
    version = scene.drafted()
    with pytest.raises(IssueRefused) as told:
        scene.drafted(version.alert.case)
    assert told.value.code == "already_drafted"


def test_without_consent_nothing_can_be_proposed():
    version = scene.drafted(scene.case(fields=()))
    with pytest.raises(IssueRefused) as told:
        issue.propose(version, people.ines())
    assert told.value.code == "no_consent"


def test_every_refusal_has_a_sentence():
    assert all(str(sentence) for sentence in SENTENCES.values())

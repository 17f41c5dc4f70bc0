"""What tips tell a communiqué, and what they show to the signer of a statement."""

from collections import Counter
from datetime import timedelta

import pytest

from alerts import communique
from alerts.statements import evidence
from tests import people
from tests.alerts import scene, stating
from tests.tips.arrivals import a_tip
from tips import counted
from tips.models import Attachment, Tip
from trust import clock

pytestmark = pytest.mark.django_db


def test_counted_by_door_hour_and_what_became_of_them() -> None:
    version = scene.signed()
    began = clock.now() - timedelta(hours=2)
    for number in range(6):
        tip = a_tip(alert_id=version.alert_id)
        looked = tip.received_at + timedelta(seconds=60 * number)
        state = Tip.State.RUMOUR if number < 5 else Tip.State.NEW
        Tip.objects.filter(pk=tip.pk).update(looked_at=looked, state=state)
    a_tip(alert_id=None)
    now = clock.now()
    scope = communique.Scope(people.agency(), began, now, people.agency().zone, version.alert_id)
    found = counted.figures(scope)
    assert (found.by_door, found.by_state) == ({"whatsapp": 6}, {"rumour": 5})
    assert found.looked_s == 150
    assert sum(found.by_hour.values()) == 6
    whole = counted.figures(communique.Scope(people.agency(), began, now, people.agency().zone))
    assert whole.total == 7
    elsewhere = people.lea().unit
    assert elsewhere is not None
    other = counted.figures(communique.Scope(elsewhere.agency, began, now, people.agency().zone))
    assert other.total == 0


def test_how_soon_half_were_read_is_told_only_where_half_were() -> None:
    began = clock.now() - timedelta(hours=2)
    for number in range(12):
        tip = a_tip()
        if number < 5:
            Tip.objects.filter(pk=tip.pk).update(looked_at=tip.received_at)
    scope = communique.Scope(people.agency(), began, clock.now(), people.agency().zone)
    assert counted.figures(scope).looked_s is None


def test_a_communique_says_nothing_that_a_witness_wrote() -> None:
    version = scene.signed()
    for _number in range(5):
        a_tip(alert_id=version.alert_id)
    Tip.objects.update(received_at=clock.now())
    row = communique.draft(people.ines(), alert=version.alert)
    texts = row.texts or {}
    whole = "\n".join(said["body"] for said in texts.values())
    assert "شفت" not in whole
    assert not [tip.reference for tip in Tip.objects.all() if tip.reference in whole]
    counts = Counter(code for code, said in texts.items() if " 5" in said["body"])
    assert set(counts) == {"ar", "fr", "en"}


def test_the_signer_sees_the_evidence_of_the_own_agency() -> None:
    tip = a_tip()
    file = Attachment.objects.create(tip=tip, kind="video", state="ready", verdict="old")
    told = [{"kind": "tip", "id": str(tip.pk)}, {"kind": "attachment", "id": str(file.pk)}]
    row = stating.proposed(evidence_ids=told, tip_id=tip.pk)
    first, second = evidence.pieces(row, people.omar())
    assert tip.reference in first.what
    assert str(tip.pk) in first.url
    assert second.detail == str(Attachment.Verdict.OLD.label)
    far = people.lea()
    assert [piece.url for piece in evidence.pieces(row, far)] == ["", ""]
    tip.delete()
    assert [piece.url for piece in evidence.pieces(row, people.omar())] == ["", ""]

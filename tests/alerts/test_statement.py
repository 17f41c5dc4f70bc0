"""Statements: two people, one digest, and what nobody may say in one."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from alerts import retention, statements
from alerts.models import Statement, StatementMark
from alerts.refusals import IssueRefused
from alerts.statements import checking, desk, frozen
from tests import people
from tests.alerts import scene, stating
from trust import clock
from trust.models import AuditEntry, Decision
from trust.roles import Role

pytestmark = pytest.mark.django_db


def refused(code: str, act: Any, *args: Any, **more: Any) -> None:
    with pytest.raises(IssueRefused) as refusal:
        act(*args, **more)
    assert refusal.value.code == code
    assert str(refusal.value), "a sentence for the officer"


def stops(fr: str, **more: Any) -> set[str]:
    texts = {**stating.TEXTS, "fr": {"title": "Mise au point", "body": fr}}
    found = checking.findings(stating.drafted(texts=texts, **more))
    return {finding.code for finding in found if finding.is_stop}


def test_signed_by_two_it_is_live_and_in_the_log() -> None:
    row = stating.signed()
    stored = Statement.objects.get(pk=row.pk)
    assert list(statements.live()) == [row]
    assert stored.said("fr").title == "Cette vidéo est ancienne"
    assert frozen.is_as_signed(stored)
    acts = AuditEntry.objects.filter(subject=row.pk).order_by("id").values_list("action", flat=True)
    assert list(acts) == ["statement.drafted", "statement.proposed", "statement.signed"]


def test_whoever_proposed_cannot_sign_though_a_signer() -> None:
    both = people.officer("both", Role.OFFICER, Role.APPROVER, at=people.unit())
    row = stating.drafted()
    statements.propose(row, both, seen=[one.key for one in checking.findings(row)])
    digest = Statement.objects.get(pk=row.pk).digest
    refused("statement_own", statements.sign, row, both, digest=digest, factor_at=clock.now())
    assert not statements.live().exists()


def test_a_signature_needs_the_right_the_unit_a_fresh_factor_and_the_shown_digest() -> None:
    row, now = stating.proposed(), clock.now()
    omar, old = people.omar(), now - timedelta(days=1)
    refused("no_permission", statements.sign, row, people.ines(), digest=row.digest, factor_at=now)
    refused("factor_not_fresh", statements.sign, row, omar, digest=row.digest, factor_at=old)
    refused("factor_not_fresh", statements.sign, row, omar, digest=row.digest, factor_at=None)
    refused("digest_differs", statements.sign, row, omar, digest="0" * 64, factor_at=now)
    refused("digest_differs", statements.sign, row, omar, digest="é", factor_at=now)
    elsewhere = people.unit("oyem", people.agency("gendarmerie", fr="Gendarmerie"))
    far = people.officer("far", Role.APPROVER, at=elsewhere)
    refused("statement_not_yours", statements.sign, row, far, digest=row.digest, factor_at=now)
    boss = people.officer("boss", Role.APPROVER, at=people.unit())
    boss.is_superuser = True
    refused("superuser", statements.sign, row, boss, digest=row.digest, factor_at=now)
    assert Statement.objects.get(pk=row.pk).state == "proposed", "nothing of it moved it"


@pytest.mark.parametrize(
    "changed",
    [
        {"texts": {"fr": {"title": "Autre", "body": "Autre"}}},
        {"refuted_link": "https://x.com/other"},
        {"evidence": []},
        {"kind": "rumour"},
    ],
)
def test_one_changed_field_voids_the_proposal(changed: dict[str, Any]) -> None:
    row = stating.proposed(evidence_ids=[{"kind": "tip", "id": "8d8ac610-566d-4ef0-9c22-186b2a5ed793"}])
    stored = Statement.objects.get(pk=row.pk)
    for name, value in changed.items():
        setattr(stored, name, value)
    stored.save()
    refused("digest_differs", statements.sign, row, people.omar(), digest=row.digest, factor_at=clock.now())
    assert Statement.objects.get(pk=row.pk).state == "lapsed"
    assert Decision.objects.get(subject=row.pk).outcome == "lapsed"


def test_a_signature_written_past_the_log_is_none() -> None:
    row = stating.proposed()
    Statement.objects.filter(pk=row.pk).update(state="signed", signed_by=people.omar(), signed_at=clock.now())
    assert not frozen.is_as_signed(Statement.objects.get(pk=row.pk))


def test_a_refusal_keeps_its_reason_and_the_next_draft_its_words() -> None:
    row = stating.proposed()
    refused("reason", statements.refuse, row, people.omar(), "  ")
    statements.refuse(row, people.omar(), stating.REASON)
    assert Statement.objects.get(pk=row.pk).refused_reason == stating.REASON
    refused("statement_not_proposed", statements.refuse, row, people.omar(), stating.REASON)
    following = statements.again(row, people.ines())
    assert following.texts == row.texts
    assert following.follows == row
    assert following.code != row.code


def test_a_proposal_nobody_answers_lapses() -> None:
    row = stating.proposed()
    assert statements.lapse_due() == 0
    Statement.objects.filter(pk=row.pk).update(valid_until=clock.now())
    assert statements.lapse_due() == 1
    assert Statement.objects.get(pk=row.pk).state == "lapsed"


def test_two_withdraw_it() -> None:
    row, omar = stating.signed(), people.omar()
    other = people.officer("sara", Role.APPROVER, at=people.unit())
    refused("withdrawal_not_asked", statements.withdraw, row, other, digest=row.digest, factor_at=clock.now())
    statements.ask_withdrawal(row, omar, stating.REASON)
    refused("withdrawal_asked", statements.ask_withdrawal, row, people.ines(), "Moi aussi.")
    refused("withdrawal_own", statements.withdraw, row, omar, digest=row.digest, factor_at=clock.now())
    assert statements.live().exists(), "it stands until a second one decides"
    statements.withdraw(row, other, digest=row.digest, factor_at=clock.now())
    assert Statement.objects.get(pk=row.pk).state == "withdrawn"
    assert not statements.live().exists()


def test_a_withdrawal_may_be_declined() -> None:
    row = stating.signed()
    statements.ask_withdrawal(row, people.ines(), stating.REASON)
    statements.keep(row, people.omar())
    assert statements.live().exists()
    statements.ask_withdrawal(row, people.ines(), "Une fois de plus.")


def test_a_correction_replaces_what_it_follows_when_it_is_signed() -> None:
    first = stating.signed()
    second = statements.again(first, people.ines())
    assert list(statements.live()) == [first]
    stating.signed(second)
    assert list(statements.live()) == [second]
    assert Statement.objects.get(pk=first.pk).state == "withdrawn"


def test_drafts_are_checked_as_they_are_written() -> None:
    ines = people.ines()
    refused("statement_kind", statements.draft, ines, "gossip", stating.TEXTS)
    refused("statement_link", stating.drafted, link="javascript:alert(1)")
    refused("statement_link", stating.drafted, link="pas une adresse")
    refused("statement_texts", stating.drafted, texts={"fr": {"title": "x" * 121, "body": "y"}})
    refused("statement_evidence", stating.drafted, evidence_ids=[{"kind": "person", "id": "1"}])
    refused("statement_evidence", stating.drafted, evidence_ids=[{"id": "no"}])
    refused("statement_period", stating.drafted, period=(clock.now(), clock.now() + timedelta(days=1)))
    refused("no_permission", statements.draft, people.lea(), "rumour", stating.TEXTS)
    elsewhere = people.unit("sale")
    refused("statement_not_yours", stating.drafted, unit=elsewhere)


def test_a_proposal_needs_every_language_what_it_refutes_and_ticked_warnings() -> None:
    ines = people.ines()
    partly = stating.drafted(texts={"fr": stating.TEXTS["fr"]})
    refused("statement_texts", statements.propose, partly, ines)
    refused("statement_refutes", statements.propose, stating.drafted(link="", words=""), ines)
    texts = {**stating.TEXTS, "fr": {"title": "Mise au point", "body": "Aucun enlèvement en 2019."}}
    refused("statement_unseen", statements.propose, stating.drafted(texts=texts), ines)


def test_without_words_a_draft_begins_with_those_of_its_kind_in_every_language() -> None:
    row = statements.draft(people.ines(), "old_footage", {}, link=stating.LINK)
    assert row.said("ar").title == "هذه الصور قديمة"
    assert "Sûreté" in row.said("fr").body
    for kind in ("false_alert", "old_footage", "rumour", "clarification"):
        begun = statements.draft(people.ines(), kind, {}, words=stating.WORDS)
        assert not [one for one in checking.findings(begun) if one.is_stop], kind


def test_it_names_nobody() -> None:
    assert "person_named" in stops("La vidéo montre Karim Benali, qui n’a rien fait.")
    assert "person_named" in stops("Ahmed Ben Salah est innocent.")
    assert "plate" in stops("La camionnette 12345-A-6 n’appartient à personne de suspect.")
    assert "suspect" in stops("Un homme de 40 ans l’a prise avec lui.")
    assert "foreign_number" in stops("Appelez le 0612345678.")
    assert "foreign_link" in stops("Voir https://www.facebook.com/watch/?v=1234567890")
    assert "person_named" in {
        one.code
        for one in checking.findings(
            stating.drafted(texts={"ar": {"title": "توضيح", "body": "الفيديو لا يخص كريم بنعلي."}})
        )
        if one.is_stop
    }


@pytest.mark.parametrize(
    "said",
    [
        "Bennani Karim est innocent.",
        "K. Bennani est innocent.",
        "M. Bennani est innocent.",
        "Cela s’est passé avenue Mohammed V, Karim Bennani le dit.",
        "Rien rue des Fleurs. Karim Bennani le dit.",
    ],
)
def test_nor_by_an_initial_a_title_the_other_way_round_or_after_a_street(said: str) -> None:
    assert "person_named" in stops(said)


@pytest.mark.parametrize("said", ["karim bennani est innocent.", "M. Kowalczyk est innocent."])
def test_what_may_be_a_name_is_asked_about(said: str) -> None:
    row = stating.drafted(texts={"fr": {"title": "Mise au point", "body": said}})
    assert "like_person" in {one.code for one in checking.findings(row)}


def test_a_place_called_after_somebody_is_no_person() -> None:
    said = "Rien ne s’est passé avenue Mohammed V ni devant l’école Ibn Sina de Salé en 2019."
    assert not stops(said)


def test_the_rumour_of_an_abduction_can_be_denied() -> None:
    said = "Aucun enlèvement n’a eu lieu et aucune violence n’est confirmée depuis 2019."
    assert not stops(said)


def test_a_child_of_any_file_is_not_named_nor_what_its_file_keeps_secret() -> None:
    version = scene.signed()
    assert "other_child" in stops("Amina El Idrissi va bien.")
    found = stops("La famille habite 12 rue des Orangers.", alert=version.alert)
    assert "home_address" in found
    assert "name_repeated" in stops("Amina est rentrée.", alert=version.alert)


@pytest.mark.parametrize(
    "pasted",
    [
        "hxxps://www[.]facebook[.]com/watch/?v=1234567890123",
        "https://www.facebook.com/watch/?v=١٢٣٤٥٦٧٨٩٠١٢٣",
        "https[://]facebook(.)com/watch/?v=1234567890123。",
    ],
)
def test_a_link_that_was_blunted_or_retyped_is_found(pasted: str) -> None:
    row = stating.signed()
    assert statements.found(pasted) == [row]


@pytest.mark.parametrize(
    "pasted", ["https://[", "http://[::1", "https://[x]/y", "//[", "www.[", "\ud800https://["]
)
def test_what_looks_like_a_link_and_is_none_is_no_error(pasted: str) -> None:
    assert statements.found(pasted) == []


def test_found_by_what_people_paste() -> None:
    row = stating.signed()
    number = "1234567890123"
    for pasted in (
        stating.LINK,
        "https://www.facebook.com/watch?v=1234567890123",
        f"regarde !! www.facebook.com/quelqu.un/videos/{number}/?mibextid=Zz.",
        "\u200fhttps://l.facebook.com/l.php?u=https%3A%2F%2Fm.facebook.com%2Fwatch%2F%3Fv%3D1234567890123&h=AT",
        f"HTTPS://WEB.FACEBOOK.COM/watch/?ref=saved&v={number}",
        "Attention attentionnn une camionette blanche enleve les enfants devant ecole ibn sina salé 😱😱",
        f"Transféré de nombreuses fois\n{stating.WORDS[:120]}",
        stating.WORDS.upper().replace(" ", "   "),
        row.code.lower(),
    ):
        assert statements.found(pasted) == [row], pasted
    for other in (
        "",
        "https://www.facebook.com/watch?v=1234567890124",
        "Une fillette de 9 ans a disparu à Rabat, robe rouge, appelez la police",
        "enfants",
        "x" * 20_000,
    ):
        assert statements.found(other) == [], other[:40]


def test_found_in_arabic_whatever_the_spelling() -> None:
    words = "انتبهوا سيارة بيضاء تخطف الأطفال أمام مدرسة ابن سينا في سلا اختفت طفلتان البارحة انشروا"
    row = stating.signed(link="", words=words)
    mangled = "إنتبهووووا سَيّارَة بيضا تخطف الاطفال امام مدرسه ابن سينا بسلا ‼️ اختفت طفلتان"
    assert statements.found(mangled) == [row]


def test_what_is_not_signed_answers_nobody_and_stands_nowhere_in_clear() -> None:
    row = stating.proposed()
    assert statements.found(stating.LINK) == []
    assert statements.found(stating.LINK, Statement.objects.for_officer(people.ines())) == [row]
    tokens = StatementMark.objects.values_list("token", flat=True)
    assert tokens
    assert all(len(token) == 64 for token in tokens)


def test_an_edit_changes_what_it_is_found_by() -> None:
    row = stating.drafted()
    statements.edit(row, people.ines(), link="https://x.com/i/status/1812345678901234567")
    signed = stating.signed(row)
    assert statements.found("https://twitter.com/qui/status/1812345678901234567?s=20") == [signed]
    assert statements.found(stating.LINK) == []
    refused("statement_not_a_draft", statements.edit, row, people.ines(), words="trop tard")


def test_the_signer_finds_it_on_the_home_page_and_signs_there(client: Client) -> None:
    row, omar = stating.proposed(), people.omar()
    [queue] = desk.queues(omar, clock.now())
    assert queue.items[0].label == row.code
    assert desk.queues(people.ines(), clock.now()) == []
    people.login(client, omar)
    page = client.get(queue.items[0].url)
    shown = page.content.decode()
    assert "La vidéo date de 2019" in shown
    assert stating.TEXTS["ar"]["body"] in shown
    answer = client.post(
        f"/police/alerts/statement/{row.pk}/sign/", {"digest": page.context["statement"].digest}
    )
    assert answer.status_code == 302
    assert list(statements.live()) == [row]


def test_written_on_the_desk_with_every_language_side_by_side(client: Client) -> None:
    people.login(client, people.ines())
    page = client.get("/police/alerts/statement/new/?kind=rumour").content.decode()
    assert 'dir="rtl"' in page
    assert "ما يُقال غير صحيح" in page
    told = {"kind": "rumour", "words": stating.WORDS, "link": ""}
    told |= {f"{part}_{code}": said for code, one in stating.TEXTS.items() for part, said in one.items()}
    answer = client.post("/police/alerts/statement/new/", told)
    row = Statement.objects.get()
    assert answer["Location"].endswith(f"{row.pk}/change/")
    assert row.texts == stating.TEXTS
    again = client.post("/police/alerts/statement/new/", {**told, "link": "rien"})
    assert again.status_code == 200
    assert Statement.objects.count() == 1
    found = client.post("/police/alerts/statement/find/", {"pasted": stating.WORDS})
    assert row.code in found.content.decode()


def test_a_year_later_what_nobody_stands_by_is_forgotten_and_what_stands_is_not() -> None:
    standing, refused = stating.signed(), stating.proposed(words="Autre rumeur entendue au marché hier")
    statements.refuse(refused, people.omar(), stating.REASON)
    assert retention.purge()["old_statements"] == 0
    Statement.objects.update(created_at=clock.now() - timedelta(days=366))
    assert retention.purge(dry_run=True)["old_statements"] == 1
    assert retention.purge()["old_statements"] == 1
    gone = Statement.objects.get(pk=refused.pk)
    assert (gone.texts, gone.refuted_words, gone.refused_reason) == (None, None, None)
    assert not gone.marks.exists()
    assert gone.said("fr").title == ""
    assert frozen.is_as_signed(Statement.objects.get(pk=standing.pk))
    assert retention.purge()["old_statements"] == 0

"""The report after: its numbers are the database's, and it names nobody unless somebody asks for names."""

import json
import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jsonschema
import pytest
from django.utils import translation

from alerts import aftermath, fanout, issue
from alerts.after import labels
from alerts.after.as_json import as_json
from alerts.after.as_pdf import as_pdf
from alerts.after.collect import TIPS, collect
from alerts.after.model import AIM_S, AlertPart, Counts, Reach, Reached, Report, between
from alerts.after.sheet import sheet
from alerts.after_views import FONTS
from alerts.models import Alert
from bin import need
from cases import checking
from cases.close import close
from cases.models import Case
from notifier.models import Chunk, Delivery, Post
from tests import people
from tests.alerts import scene
from trust import clock
from trust.models import AuditEntry, Task
from trust.roles import Role

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "after.schema.json").read_text("utf-8"))
STATES = ("accepted", "delivered", "unknown", "failed", "withdrawn", "expired", "suppressed")
ZONE = ZoneInfo("Africa/Casablanca")


def played() -> Case:
    """Return a closed case: eleven people, every fate among them, and a post nobody can take back."""
    scene.neighbours(9)
    scene.neighbours(2, channel="email")
    version = scene.signed()
    fanout.fan_out(version.pk)
    rows = list(Delivery.objects.filter(subject=version.alert_id, channel="sms").order_by("pk"))
    for row, state in zip(rows, STATES, strict=False):
        kind = "bad_address" if state == "failed" else ""
        Delivery.objects.filter(pk=row.pk).update(state=state, state_at=clock.now(), error_kind=kind)
    Post.objects.update(state="posted", posted_at=clock.now())
    case = version.alert.case
    found = checking.Found("child_found", thoroughness="searched", minutes=12, words="Chez la tante Zohra")
    checking.answer(case, people.ines(), case.places.get(), found)
    close(Case.objects.get(pk=case.pk), people.ines(), "found_safe", "Retrouvée chez sa tante")
    aftermath.tell_end(version.alert_id)
    Chunk.objects.update(done_at=clock.now())
    post = Post.objects.get()
    task = Task.open("recall_post", post.pk, subject_kind="post", owner=people.ines(), detail_code="deleted")
    Post.objects.update(recall_state="task", recall_reason="not_recallable", task=task.pk)
    return Case.objects.select_related("unit", "agency").get(pk=case.pk)


def told(case: Case, *, named: bool = False, reader=None) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(as_json(collect(case, reader or people.omar(), named=named)))
    jsonschema.validate(document, SCHEMA)
    return document


@pytest.mark.long
@pytest.mark.django_db
def test_every_number_is_the_databases_and_the_equation_holds(django_assert_max_num_queries) -> None:
    case = played()
    with django_assert_max_num_queries(70):
        document = told(case)
    (alert,) = document["alerts"]
    reach, total = alert["reach"], alert["reach"]["total"]
    rows = Delivery.objects.filter(subject=Alert.objects.get().pk)
    for state in STATES:
        expected = rows.filter(
            state__in=["accepted", "delivered"] if state == "accepted" else [state]
        ).count()
        assert total[state] == expected, state
    assert total["targeted"] == rows.count() == reach["in_database"] == 11
    assert total["withdrawn"] == 5  # one before the end, four held back by it
    assert (reach["holds"], total["waiting"]) == (True, 0)
    for channel, counts in reach["by_channel"].items():
        assert counts["targeted"] == rows.filter(channel=channel).count()
    assert sum(counts["targeted"] for counts in reach["by_ring"].values()) == 11
    assert alert["end"]["total"]["targeted"] == Delivery.objects.filter(batch__kind="end").count() == 3
    assert alert["errors"] == [{"channel": "sms", "kind": "bad_address", "count": 1}]
    assert alert["stop"]["held_back"] == 5
    assert document["is_so_far"] is False


@pytest.mark.django_db
def test_what_could_not_be_taken_back_stands_there_with_its_reason_and_who_owes_it() -> None:
    (alert,) = told(played())["alerts"]
    by_what = {line["what"]: line for line in alert["recalls"] if line["state"] != "never_out"}
    assert (by_what["post"]["state"], by_what["post"]["reason"]) == ("owed", "not_recallable")
    assert (by_what["message"]["state"], by_what["message"]["count"]) == ("impossible", 3)
    assert by_what["page"]["state"] == "done"
    (task,) = [line for line in alert["tasks"] if line["id"] == by_what["post"]["task"]]
    assert (task["owner"], task["done_at"]) == (str(people.ines().pk), None)
    Task.objects.get(pk=task["id"]).finish("deleted", by=people.ines())
    (alert,) = told(Case.objects.select_related("unit", "agency").get())["alerts"]
    post = next(line for line in alert["recalls"] if line["what"] == "post")
    assert post["state"] == "done"
    assert post["done_at"]


@pytest.mark.django_db
def test_no_name_no_word_and_no_place_and_of_the_case_only_what_its_reader_may_see() -> None:
    case = played()
    bare, named = json.dumps(told(case), ensure_ascii=False), told(case, named=True)
    hidden = (*scene.RESTRICTED, "Amina", "أمينة", "Zohra", "tante", "Orangers", "Omar", "Inès", "+2126")
    assert [word for word in hidden if word in bare] == []
    assert named["children"][0]["names"] == ["Amina El Idrissi", "أمينة الإدريسي"]
    assert {"Omar Tazi", "Inès Alami"} <= {person["name"] for person in named["people"]}
    whole = json.dumps(named, ensure_ascii=False)
    assert [word for word in (*scene.RESTRICTED, "Zohra", "+2126") if word in whole] == []
    press = told(case, reader=people.officer("hind", Role.COMMUNICATOR, at=people.unit()))
    assert (press["children"], press["checks"], press["category"]) == ([], [], "")
    assert not {act["about"] for act in press["acts"]} - {"alert", "version", "post"}
    assert press["alerts"][0]["reach"]["total"]["targeted"] == 11


@pytest.mark.django_db
def test_decisions_acts_checks_and_outcome_are_told_in_codes_that_have_words() -> None:
    case = played()
    document = told(case)
    (signature,) = [line for line in document["decisions"] if line["act"] == "sign"]
    assert (signature["asked_by"], signature["decided_by"]) == (str(people.ines().pk), str(people.omar().pk))
    assert signature["outcome"] == "granted"
    actions = [act["action"] for act in document["acts"]]
    assert {
        "case.received",
        "case.accepted",
        "version.proposed",
        "version.signed",
        "alert.ended",
        "case.closed",
    } <= set(actions)
    signed = next(act for act in document["acts"] if act["action"] == "version.signed")
    assert signed["roles"] == ["approver"]
    (check,) = document["checks"]
    assert (check["kind"], check["result"], check["minutes"]) == ("home", "child_found", 12)
    assert document["outcome"] == "found_safe"
    (version,) = document["alerts"][0]["versions"]
    assert version["digest"] == Alert.objects.get().versions.get().digest
    assert version["km2"] == pytest.approx(314, abs=3)
    report = collect(case, people.omar(), named=False)
    parts: tuple[Report | AlertPart, ...] = (report, *report.alerts)
    assert {clock.code for part in parts for clock in part.clocks} == set(labels.CLOCKS)
    assert {line.code for part in parts for line in part.durations} == set(labels.DURATIONS)
    assert {line.act for line in report.decisions} <= set(labels.DECISIONS)
    assert {act.action for act in report.acts} <= set(labels.ACTIONS)


@pytest.mark.django_db
def test_clocks_that_missed_their_aim_say_so_and_tips_are_counted_where_there_are_any(monkeypatch) -> None:
    case = played()
    assert case.accepted_at
    Case.objects.update(
        received_at=case.accepted_at - timedelta(minutes=16),
        spoken_at=case.accepted_at - timedelta(minutes=10),
    )
    monkeypatch.setattr(
        "alerts.after.collect.TIPS", [*TIPS, lambda _case: {"new": 2}, lambda _case: {"new": 1}]
    )
    document = told(Case.objects.select_related("unit", "agency").get())
    missed = {line["code"]: line["missed"] for line in document["durations"]}
    assert (missed["report_to_accept"], missed["report_to_spoken"]) == (True, False)
    assert missed["report_to_close"] is None
    of_alert = {line["code"]: line for line in document["alerts"][0]["durations"]}
    assert of_alert["report_to_sign"]["missed"] is True
    assert of_alert["report_to_sign"]["seconds"] > AIM_S
    assert document["tips"] == {"new": 3}


@pytest.mark.django_db
def test_a_live_alert_and_a_case_without_one_can_be_reported_so_far() -> None:
    live = scene.signed()
    document = told(Case.objects.select_related("unit", "agency").get(pk=live.alert.case_id))
    assert document["is_so_far"] is True
    assert document["alerts"][0]["stop"] is None
    quiet = scene.case()
    issue.decline(quiet, people.ines(), "elsewhere", "On vérifie d’abord.")
    document = told(Case.objects.select_related("unit", "agency").get(pk=quiet.pk))
    assert document["alerts"] == []
    assert [(line["act"], line["ground"]) for line in document["decisions"]] == [("decline", "elsewhere")]
    assert "On vérifie" not in json.dumps(document, ensure_ascii=False)


def words_of(pdf: bytes, tmp_path: Path) -> str:
    need.require("poppler")
    (tmp_path / "report.pdf").write_bytes(pdf)
    run = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "report.pdf"), "-"], capture_output=True, check=True
    )
    marks = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u2066\u2067\u2069"))
    return re.sub(r"\s+", " ", run.stdout.decode().translate(marks))


@pytest.mark.django_db
def test_the_pdf_says_the_same_in_three_languages(tmp_path: Path) -> None:
    case = played()
    report = collect(case, people.omar(), named=False)
    seen = {}
    for language in ("ar", "fr", "en"):
        with translation.override(language):
            seen[language] = words_of(as_pdf(sheet(report, ZONE), [FONTS]), tmp_path)
    for text in seen.values():
        assert case.reference in text
        assert report.alerts[0].code in text
        assert str(report.alerts[0].reach.total.targeted) in text
        assert not [word for word in (*scene.RESTRICTED, "Amina", "Omar") if word in text]
    assert "retrouvé sain et sauf" in seen["fr"]
    assert "found safe" in seen["en"]
    assert "سالما" in seen["ar"]


@pytest.mark.django_db
def test_typed_markup_stays_text(tmp_path: Path) -> None:
    case = played()
    case.unit.names = {"fr": '#read("/etc/passwd") $x$ <script> *Agdal*'}
    case.unit.save()
    report = collect(Case.objects.select_related("unit", "agency").get(), people.omar(), named=False)
    with translation.override("fr"):
        text = words_of(as_pdf(sheet(report, ZONE), [FONTS]), tmp_path)
    assert "root:" not in text
    assert "<script>" in text


@pytest.mark.django_db
def test_officers_in_scope_export_it_names_ask_for_the_factor_and_all_is_logged(client) -> None:
    case = played()
    base = f"/police/alerts/alert/after/{case.pk}"
    people.login(client, people.omar())
    assert f"{base}/pdf/" in client.get(f"/police/cases/case/{case.pk}/change/").content.decode()
    assert (
        f"{base}/pdf/" in client.get(f"/police/alerts/alert/{case.alerts.get().pk}/change/").content.decode()
    )
    pdf = client.get(f"{base}/pdf/")
    assert pdf.content.startswith(b"%PDF")
    assert (pdf["Content-Type"], pdf["Cache-Control"]) == ("application/pdf", "no-store")
    assert client.get(f"{base}/names/json/").json()["is_named"] is True
    people.login(client, people.omar(), factor_age_s=3600)
    assert "reauthenticate" in client.get(f"{base}/names/json/")["Location"]
    assert client.get(f"{base}/json/").json()["is_named"] is False
    told_of = AuditEntry.objects.filter(action="report.exported", subject=case.pk).order_by("id")
    assert [entry.reason for entry in told_of] == ["pdf", "json.named", "json"]
    people.login(client, people.officer("hind", Role.COMMUNICATOR, at=people.unit()))
    assert client.get(f"{base}/names/pdf/").status_code == 403
    people.login(client, people.officer("samir", Role.APPROVER, at=people.lea().unit))
    assert client.get(f"{base}/pdf/").status_code == 404


def test_a_count_outside_of_the_lines_is_told() -> None:
    line = Reached("sms", 0, Counts(targeted=3, accepted=2, delivered=1, failed=1))
    assert Reach((line,), 3).holds
    assert not Reach((line,), 4).holds
    assert not Reach((Reached("sms", 0, Counts(targeted=3, accepted=2)),), 3).holds
    assert not Reach((Reached("sms", 0, Counts(targeted=1, accepted=1, delivered=2)),), 1).holds


def test_what_has_not_come_is_missed_once_its_aim_is_past() -> None:
    start = datetime(2026, 1, 5, tzinfo=UTC)
    assert between("x", start, None, aim_s=900, now=start + timedelta(minutes=10)).missed is False
    assert between("x", start, None, aim_s=900, now=start + timedelta(minutes=16)).missed is True
    assert between("x", start, None, aim_s=900).missed is None
    assert between("x", start, start + timedelta(seconds=901), aim_s=900).missed is True
    assert between("x", None, start, aim_s=900, now=start).missed is None

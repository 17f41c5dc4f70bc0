import sqlite3

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import report as module
from cases.models import Case, CaseState, Child, NameToken, Photo, ThreadEntry
from cases.report import ReportedChild, receive
from notifier.models import Batch, Delivery
from tests.cases import family
from tests.cases.family import RESTRICTED
from trust import clock, keys, secrets, vault
from trust.models import AuditEntry, Officer, Task, Unit

pytestmark = pytest.mark.django_db


def test_a_report_becomes_a_case_that_somebody_holds(ines):
    received = receive(family.report())
    case = Case.objects.get(reference=received.reference)
    assert (case.state, case.owner, case.unit) == (CaseState.RECEIVED, ines, ines.unit)
    assert case.last_seen_region == "MA-04"
    child = case.children.get()
    assert child.name("ar") == RESTRICTED["arabic"]
    assert child.name("fr") == "Yasmine Zerhouni"
    assert child.age_at(case.last_seen_at) == 11
    assert child.value("clothing") == [{"garment": "jacket", "colour": "red"}]
    assert case.places.get().words == RESTRICTED["friend"]
    assert case.sheets.get(child=None).entries["circumstances"][0]["value"] == RESTRICTED["story"]
    assert received.secret
    assert secrets.check_secret(received.secret, case.secret_hash)
    assert Task.objects.get(subject=case.pk).kind == "new_report"
    assert ThreadEntry.objects.get(subject=case.pk).code == "received"
    actions = set(AuditEntry.objects.filter(subject__isnull=False).values_list("action", flat=True))
    assert {"case.received", "consent.given"} <= actions


def test_the_duty_officer_is_paged_without_a_word_about_anybody(ines):
    case = family.a_case()
    batches = Batch.objects.filter(kind="page", subject=case.pk)
    assert {batch.channel for batch in batches} == {"sms", "email"}
    assert Delivery.objects.filter(subject=case.pk, person=ines.pk).count() == 2
    for batch in batches:
        said = str(batch.content)
        assert case.reference in said
        assert "/police/" in said
        assert not [text for text in RESTRICTED.values() if text in said]


def test_a_unit_without_anybody_on_duty_is_stood_in_for(ines):
    Unit.objects.update(duty_officer=None)
    assert family.a_case().owner == ines


def test_a_unit_without_any_officer_does_not_lose_the_report(ines):
    Unit.objects.update(duty_officer=None)
    Officer.objects.update(is_active=False)
    case = family.a_case()
    assert case.owner is None
    assert Task.objects.get(subject=case.pk).unit == case.unit
    assert not Delivery.objects.exists()


def test_the_unit_of_the_region_comes_before_the_first_one(ines):
    own = Unit.objects.create(agency=ines.agency, code="ma-04", names={"fr": "Rabat"}, duty_officer=ines)
    Unit.objects.create(agency=ines.agency, code="aa", names={"fr": "Ailleurs"}, duty_officer=ines)
    assert family.a_case().unit == own


def test_no_restricted_text_stands_in_the_database(ines):
    case = family.a_case()
    case.refresh_from_db()
    assert case.reporter["phone"] == RESTRICTED["phone"]
    dump = _dump()
    assert case.reference in dump
    for text in RESTRICTED.values():
        assert text not in dump
        assert text.encode().hex() not in dump.lower()


def _dump() -> str:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        assert isinstance(connection.connection, sqlite3.Connection)
        return "\n".join(connection.connection.iterdump())
    with connection.cursor() as cursor:
        return "\n".join(_rows(cursor, table) for table in connection.introspection.table_names())


def _rows(cursor, table: str) -> str:
    cursor.execute(f'SELECT * FROM "{table}"')
    return "\n".join(str([bytes(v).hex() if isinstance(v, memoryview) else v for v in row]) for row in cursor)


def test_the_photo_lies_sealed_with_the_original_beside_it(ines):
    photo = Photo.objects.get(child__case=family.a_case())
    assert photo.clean_bytes() == family.PHOTO.clean
    assert vault.get(photo.child.case_id, photo.original_key) == family.PHOTO.original
    assert photo.original_sha256 == vault.sha256(family.PHOTO.original)
    assert vault._path(photo.original_key).read_bytes().count(b"Spycam") == 0


def test_siblings_are_one_case_with_a_consent_each(ines):
    children = (
        ReportedChild("Adam", "Zerhouni", age_years=7),
        ReportedChild("Yasmine", "Zerhouni", age_years=9),
    )
    case = family.a_case(children=children)
    assert [child.given_name for child in case.children.all()] == ["Adam", "Yasmine"]
    assert case.consents.count() == 2


def test_only_a_guardian_can_consent(ines):
    aunt = family.report().reporter.__class__("Leila", "+212612345670", "relative")
    assert not family.a_case(reporter=aunt).consents.exists()


def test_names_are_found_by_digest_in_both_scripts(ines):
    case = family.a_case()
    for kind, value in (("word", "yasmine"), ("word", "ياسمين"), ("sound", "smn")):
        found = NameToken.objects.filter(token=keys.token(f"name {kind}", value))
        assert {token.case_id for token in found} == {case.pk}


def test_a_report_that_fails_at_its_last_step_leaves_nothing(ines, monkeypatch):
    def broken(*_args):
        raise RuntimeError("no pages today")

    monkeypatch.setattr(module, "page", broken)
    with pytest.raises(RuntimeError):
        receive(family.report())
    assert not any(rows.objects.exists() for rows in (Case, Child, Task))


def test_the_same_submission_is_one_case_with_one_secret(ines):
    first, second = (receive(family.report(submission="abc" * 11)) for _ in range(2))
    assert Case.objects.count() == 1
    assert (second.reference, second.secret) == (first.reference, first.secret)
    assert second.repeated


def test_the_other_half_of_a_double_click_loses_the_race_unharmed(ines, monkeypatch):
    first = receive(family.report(submission="abc" * 11))
    known = iter([None, Case.objects.get()])  # looked up before the first half was stored, and after
    monkeypatch.setattr(module, "_known", lambda _submission: next(known))
    second = receive(family.report(submission="abc" * 11))
    assert (second.reference, second.repeated) == (first.reference, True)
    assert Case.objects.count() == Child.objects.count() == 1


def test_the_secret_is_shown_again_for_an_hour_only(ines, monkeypatch):
    receive(family.report(submission="abc" * 11))
    monkeypatch.setattr(clock, "SHIFT", module.SHOWN_AGAIN_FOR)
    later = receive(family.report(submission="abc" * 11))
    assert (later.secret, later.repeated) == (None, True)


def test_receiving_costs_a_bounded_number_of_queries(ines):
    with CaptureQueriesContext(connection) as queries:
        receive(family.report())
    assert len(queries) < 120

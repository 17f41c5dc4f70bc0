"""A communiqué tells what was done: no person can be recognised in it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.test import Client

from alerts import communique, issue, statements
from alerts.communique import gathering, telling
from alerts.communique.model import Act, Figures, Scope, TipFigures, count, parts, peak
from alerts.models import Statement
from alerts.refusals import IssueRefused
from alerts.statements import checking
from tests import people
from tests.alerts import scene, stating
from trust import clock

RABAT = ZoneInfo("Africa/Casablanca")
BEGAN = datetime(2026, 3, 12, 13, 5, tzinfo=UTC)
SCOPE = Scope("surete", BEGAN, BEGAN + timedelta(hours=6), RABAT, alert=None)
LANGUAGES = ("ar", "fr", "en")


def told(language: str = "en", **figures: object) -> str:
    return telling.text(Figures(SCOPE, **figures), language, "Sûreté", "najda.example")["body"]  # type: ignore[arg-type]


def test_fewer_than_five_are_a_few() -> None:
    assert [count(number).how for number in (0, 1, 4, 5)] == ["none", "few", "few", "exactly"]
    body = told(alerts=3, sightings=4, checks=7)
    assert "Alerts issued: a few." in body
    assert "Sightings entered in a file: a few." in body
    assert "Places checked: 7." in body


def test_no_difference_gives_a_small_part_away() -> None:
    body = told(tips=TipFigures(by_door={"whatsapp": 118, "web": 6, "sms": 2}))
    assert "Tips from the public: about 130." in body
    assert "How they came: WhatsApp 118, web form 6, others, fewer than five each." in body
    assert "126" not in body
    assert "SMS" not in body
    for hidden in (1, 2, 3, 4):
        assert count(20 + hidden, about=True).number % 10 == 0
    assert parts({"a": 0, "b": 9}) == ([("b", 9)], False)


def test_the_hour_of_most_is_told_only_of_many() -> None:
    assert peak({18: 40, 19: 12}) == 18
    assert peak({3: 4}) is None
    assert peak({}) is None
    assert peak({3: 9, 4: 9}) is None


def test_nothing_happened_reads_as_such_in_every_language() -> None:
    for language in LANGUAGES:
        body = told(language)
        assert "{" not in body
        assert body.count("\n") >= 2


def test_every_language_has_every_sentence() -> None:
    def keys(told: object) -> object:
        return {key: keys(value) for key, value in told.items()} if isinstance(told, dict) else None

    first, *others = (keys(telling.load(language)) for language in LANGUAGES)
    assert all(other == first for other in others)
    assert telling.text(Figures(SCOPE), "es", "x", "y") == {"title": "", "body": ""}


def test_the_longest_one_fits_a_statement() -> None:
    words = telling.load("fr")
    acts = tuple(Act("update", BEGAN) for _number in range(40))
    tips = TipFigures(
        by_door=dict.fromkeys(words["door"], 9999),
        by_state=dict.fromkeys(words["state"], 9999),
        by_hour={18: 9999},
        looked_s=7000,
    )
    full = Figures(
        Scope("x", BEGAN, BEGAN + timedelta(days=300), RABAT), 9999, dict.fromkeys(words["ended"], 9999),
        9_999_999, tips, 9999, 9999, 9999, acts,
    )  # fmt: skip
    for language in LANGUAGES:
        text = telling.text(full, language, "Direction générale de la Sûreté nationale", "najda.example")
        assert len(text["title"]) <= 120, language
        assert len(text["body"]) <= 2000, language


@pytest.mark.django_db
def test_it_holds_nothing_of_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "TIPS", [])
    version = scene.signed()
    issue.stand_down(version.alert, people.omar(), as_="found", reason="Chez Karim", factor_at=clock.now())
    stating.signed(alert=version.alert)
    row = communique.draft(people.ines(), alert=version.alert)
    whole = "\n".join(part for said in (row.texts or {}).values() for part in said.values())
    child = version.alert.case.children.get()
    markers = (
        *scene.RESTRICTED, "Karim", "Orangers", child.given_name or "", child.name_arabic or "", "Agdal",
        version.alert.code, version.alert.case.reference, "Inès", "Omar", str(version.alert.pk),
    )  # fmt: skip
    assert not [marker for marker in markers if marker in whole]
    assert "l’alerte a été émise" in whole
    assert "fin de l’alerte : l’enfant a été retrouvé" in whole
    assert "une mise au point a été publiée" in whole
    assert not [one for one in checking.findings(row) if one.is_stop]


@pytest.mark.django_db
def test_an_act_that_only_the_database_tells_is_not_told() -> None:
    version = scene.signed()
    from trust.models import AuditEntry

    scope = communique.scope_of(people.agency(), alert=version.alert, period=None)
    assert [act.code for act in communique.gather(scope).acts] == ["live"]
    forged = AuditEntry.objects.filter(action="alert.live").first()
    assert forged is not None
    forged.pk, forged.action = None, "alert.ended"
    forged.save(force_insert=True)
    assert [act.code for act in communique.gather(scope).acts] == ["live"]


@pytest.mark.django_db
def test_a_period_counts_what_lies_in_it_and_no_exercise() -> None:
    before = clock.now()
    scene.signed()
    scene.signed(kind="exercise")
    after = clock.now()
    whole, earlier = (
        communique.gather(communique.scope_of(people.agency(), period=period))
        for period in ((before, after), (before - timedelta(days=2), before - timedelta(days=1)))
    )
    assert (whole.alerts, earlier.alerts) == (1, 0)
    elsewhere = people.lea().unit
    assert elsewhere is not None
    assert communique.gather(communique.scope_of(elsewhere.agency, period=(before, after))).alerts == 0


@pytest.mark.django_db
def test_an_approver_edits_it_and_two_sign_it(client: Client) -> None:
    omar, sara = people.omar(), people.officer("sara", "approver", at=people.unit())
    people.login(client, omar)
    answer = client.post(
        "/police/alerts/statement/communique/", {"first": "2026-01-01", "last": "2026-01-31"}
    )
    row = Statement.objects.get()
    assert answer["Location"].endswith(f"{row.pk}/edit/")
    assert row.kind == "communique"
    texts = {code: {**(row.texts or {})[code], "title": "Bilan"} for code, _name in settings.LANGUAGES}
    texts["ar"]["title"], texts["en"]["title"] = "حصيلة", "What was done"
    row = statements.edit(row, omar, texts=texts)
    row = statements.propose(row, omar, seen=[one.key for one in checking.findings(row)])
    with pytest.raises(IssueRefused):
        statements.sign(row, omar, digest=row.digest, factor_at=clock.now())
    statements.sign(row, sara, digest=row.digest, factor_at=clock.now())
    assert list(statements.live()) == [row]


@pytest.mark.django_db
def test_days_that_are_none_are_asked_again(client: Client) -> None:
    people.login(client, people.ines())
    for first, last in (("2026-02-01", "2026-01-01"), ("2999-01-01", "2999-01-02"), ("x", "")):
        answer = client.post("/police/alerts/statement/communique/", {"first": first, "last": last})
        assert answer.status_code == 200, (first, last)
    assert not Statement.objects.exists()


@pytest.mark.django_db
def test_begun_from_the_page_of_an_alert(client: Client) -> None:
    version = scene.signed()
    people.login(client, people.ines())
    door = f"/police/alerts/statement/communique/{version.alert_id}/"
    assert door in client.get(f"/police/alerts/alert/{version.alert_id}/change/").content.decode()
    client.post(door)
    assert Statement.objects.get().alert == version.alert
    exercise = scene.signed(kind="exercise")
    client.post(f"/police/alerts/statement/communique/{exercise.alert_id}/")
    assert Statement.objects.count() == 1

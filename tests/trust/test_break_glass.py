"""A case opened in an emergency: to read, for an hour, loudly; acts stay shut."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from alerts import issue
from alerts.issue.ordering import Ordered
from cases.models import Case
from notifier.models import Delivery
from tests import people
from tests.alerts import scene
from tests.desk import pages
from trust import audit, break_glass, clock
from trust.break_glass import GlassRefused
from trust.models import AuditEntry, Glass, Officer, ReadingFlag, Task
from trust.roles import Role

pytestmark = pytest.mark.django_db
WORDS = "Une enfant vient d’être trouvée, elle dit s’appeler Amina."


def sami() -> Officer:
    return people.officer("sami", Role.OFFICER, at=people.unit("hassan"))


def broken(case: Case, who: Officer | None = None, **changes):
    asked = {
        "reference": case.reference,
        "ground": "found",
        "words": WORDS,
        "factor_at": clock.now(),
        **changes,
    }
    return break_glass.break_glass(who or sami(), **asked)


def refusal(act) -> str:
    with pytest.raises(GlassRefused) as caught:
        act()
    return caught.value.code


class TestOpening:
    def test_an_officer_of_another_unit_or_agency_reads_for_an_hour(self, desk, monkeypatch):
        case = scene.case()
        for who in (sami(), people.lea()):
            client = desk(who)
            assert client.get(pages.of_case(case)).status_code == 404
            broken(case, who)
            assert "Amina" in pages.words(client.get(pages.of_case(case)))
        monkeypatch.setattr(clock, "SHIFT", timedelta(minutes=61))
        assert desk(sami()).get(pages.of_case(case)).status_code == 404

    def test_owner_and_approvers_are_called_and_not_whoever_opened_it(self):
        case, omar = scene.case(), people.omar()
        paul = people.officer("paul", Role.APPROVER, at=people.unit("hassan"))
        broken(case, paul)  # of the agency: it is his own to read, nobody is called
        assert not Glass.objects.exists()
        broken(case)
        glass = Glass.objects.get()
        called = set(Delivery.objects.filter(subject=glass.pk).values_list("person", flat=True))
        assert called == {case.owner_id, omar.pk, paul.pk}

    def test_it_stands_in_the_log_of_the_case_and_waits_for_an_auditor(self):
        case = scene.case()
        broken(case)
        entry = AuditEntry.objects.get(action="glass.broken")
        assert (entry.subject, entry.actor, entry.reason) == (case.pk, sami().pk, "found")
        flag = ReadingFlag.objects.get(kind="glass")
        assert (flag.officer, flag.unit, flag.glass.words) == (sami(), case.unit, WORDS)
        assert Task.objects.still_open().filter(subject=flag.pk, unit=case.unit).exists()

    def test_a_second_time_within_the_hour_changes_nothing(self):
        case = scene.case()
        broken(case)
        broken(case)
        assert Glass.objects.count() == 1

    @pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR, Role.COMMUNICATOR, Role.SERVICE])
    def test_who_reads_no_cases_or_judges_reading_cannot(self, role):
        case = scene.case()
        for roles in ((role,), (role, Role.OFFICER)):
            who = people.officer(f"x{len(roles)}{role}", *roles, at=people.unit("hassan"))
            if roles == (Role.COMMUNICATOR, Role.OFFICER):
                continue  # an officer like any other
            assert refusal(lambda who=who: broken(case, who)) == "no_right"

    def test_a_superuser_cannot(self):
        case = scene.case()
        root = Officer.objects.create_user("root", is_superuser=True, unit=people.unit("hassan"))
        assert refusal(lambda: broken(case, root)) == "no_right"

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"factor_at": None}, "no_factor"),
            ({"ground": "curious"}, "no_ground"),
            ({"words": "  "}, "no_words"),
            ({"words": "x" * 1001}, "no_words"),
            ({"reference": "A"}, "not_found"),
            ({"reference": ""}, "not_found"),
            ({"reference": "%"}, "not_found"),
        ],
    )
    def test_without_factor_ground_words_or_the_exact_reference_nothing_opens(self, changes, code):
        case = scene.case()
        assert refusal(lambda: broken(case, **changes)) == code
        assert not Glass.objects.exists()
        assert AuditEntry.objects.filter(action="glass.refused", reason=code).exists()

    def test_a_part_of_a_reference_opens_nothing(self):
        case = scene.case()
        assert refusal(lambda: broken(case, reference=case.reference[:-1])) == "not_found"

    def test_guessing_references_comes_to_an_end(self):
        for _try in range(break_glass.TRIES_AN_HOUR):
            assert refusal(lambda: broken(scene_case, reference="X")) == "not_found"
        assert refusal(lambda: broken(scene_case)) == "too_many"


scene_case = Case(reference="RABAT-1")  # never saved: only its reference is asked for


class TestActingStaysShut:
    def test_no_act_and_no_button(self, desk):
        case = scene.case()
        broken(case)
        client = desk(sami())
        page = client.get(pages.of_case(case)).content.decode()
        assert 'method="post" action="/police/cases/' not in page
        for name in ("accept", "open", "write", "close", "conflict", "settle", "secret", "take", "transfer"):
            answer = client.post(
                pages.of_case(case, name), {"body": "x", "outcome": "found_safe", "ground": "dispute"}
            )
            assert answer.status_code in {403, 404}, name
        assert client.get(pages.drafting(case)).status_code == 404
        now = Case.objects.get(pk=case.pk)
        assert (now.state, now.owner_id, now.conflict) == (case.state, case.owner_id, False)

    def test_a_queryset_that_does_not_ask_to_read_knows_nothing_of_it(self):
        case, who = scene.case(), sami()
        broken(case)
        assert not Case.objects.for_officer(who).exists()
        assert list(Case.objects.for_officer(who, to_read=True)) == [case]
        others = scene.case()
        assert others not in Case.objects.for_officer(who, to_read=True)

    def test_whoever_looks_through_broken_glass_holds_no_right_but_looking(self):
        who = sami()
        assert who.has_perm("cases.close_case")
        break_glass.read_through(who, scene.case())
        assert who.has_perm("cases.view_case")
        acts = {perm for perm in who.role_permissions if ".view_" not in perm}
        assert acts
        assert not any(who.has_perm(perm) for perm in acts)
        assert not acts & who.get_all_permissions()
        assert not who.has_role(Role.OFFICER)

    def test_who_lost_the_right_meanwhile_reads_no_more(self, desk):
        case = scene.case()
        broken(case)
        sami().groups.clear()
        assert not Case.objects.for_officer(Officer.objects.get(pk=sami().pk), to_read=True).exists()


class TestItsAlerts:
    """What the public is told of the case is read through the same glass, and nothing is done there."""

    def test_alert_version_photo_and_order_open_with_the_case_and_shut_with_it(self, desk, monkeypatch):
        version = scene.proposed()
        case = version.alert.case
        told = Ordered("alert", "judge", "7", "Maître Bennis", clock.now(), words="Par téléphone")
        order = issue.record_order(case, people.ines(), told)
        looks = [
            pages.of_version(version),
            pages.of_version(version, "photo"),
            pages.of_alert(version.alert),
            reverse("admin:alerts_order_change", args=[order.pk]),
        ]
        client = desk(sami())
        assert {client.get(address).status_code for address in looks} == {404}
        broken(case)
        assert {client.get(address).status_code for address in looks} == {200}
        assert "Amina" in pages.words(client.get(looks[0]))
        seen = AuditEntry.objects.filter(action="viewed", subject=case.pk, actor=sami().pk)
        purposes = set(seen.values_list("purpose", flat=True))
        assert {"broken glass", "alert version", "alert photo", "alert page", "order"} <= purposes
        for address in (looks[0], looks[2], looks[3], pages.of_case(case)):
            shown = client.get(address).content.decode()
            assert 'method="post" action="/police/alerts/' not in shown
            assert "/after/" not in shown
        monkeypatch.setattr(clock, "SHIFT", timedelta(minutes=61))
        assert {desk(sami()).get(address).status_code for address in looks} == {404}

    def test_every_link_of_the_case_to_its_alerts_opens(self, desk):
        case = scene.signed().alert.case
        broken(case)
        client = desk(sami())
        shown = client.get(pages.of_case(case)).content.decode()
        links = set(re.findall(r'href="(/police/alerts/[^"#]+)"', shown))
        assert len(links) >= 2
        assert {client.get(link).status_code for link in links} == {200}

    def test_no_act_on_an_alert_is_to_be_had(self, desk):
        version = scene.proposed()
        broken(version.alert.case)
        client = desk(sami())
        for act in ("propose", "revise", "sign", "return", "refuse", "at_once", "ask_release"):
            answer = client.post(pages.of_version(version, act), {"reason": "x", "digest": version.digest})
            assert answer.status_code in {403, 404}, act
        for act in ("stop", "update"):
            answer = client.post(pages.of_alert(version.alert, act), {"as_": "found", "reason": "x"})
            assert answer.status_code in {403, 404}, act
        assert scene.stored(version).state == "proposed"

    def test_the_alerts_of_another_case_stay_shut(self, desk):
        opened, other = scene.proposed(), scene.proposed()
        broken(opened.alert.case)
        assert desk(sami()).get(pages.of_version(other)).status_code == 404

    def test_a_page_that_asks_by_script_says_nothing_and_a_picture_neither(self, desk):
        version = scene.signed()
        broken(version.alert.case)
        client = desk(sami())
        client.get(pages.of_version(version, "photo"))
        client.get(pages.of_alert(version.alert), headers={"X-Poll": "1"})
        assert len(pages.said(client.get(pages.of_alert(version.alert)))) == 1


class TestAtTheDesk:
    def post(self, client, case: Case, **changes):
        told = {"reference": case.reference.lower(), "ground": "found", "words": WORDS, **changes}
        return client.post(reverse("admin:trust_glass_add"), told)

    def test_the_form_leads_to_the_case(self, desk):
        case = scene.case()
        client = desk(sami())
        answer = self.post(client, case)
        assert answer["Location"] == pages.of_case(case)
        assert client.get(answer["Location"]).status_code == 200
        looks = AuditEntry.objects.filter(action="viewed", subject=case.pk, actor=sami().pk)
        assert {"broken glass", "case page"} <= set(looks.values_list("purpose", flat=True))

    def test_a_stale_factor_is_asked_for_again(self, desk):
        answer = self.post(desk(sami(), factor_age_s=600), scene.case())
        assert "reauthenticate" in answer["Location"]
        assert not Glass.objects.exists()

    @pytest.mark.parametrize(
        "who", [people.nadia, lambda: people.officer("adil", Role.AUDITOR, at=people.unit("hassan"))]
    )
    def test_administrators_and_auditors_find_no_such_door(self, desk, who):
        case = scene.case()
        assert self.post(desk(who()), case).status_code == 403

    def test_the_auditor_reads_why_and_judges(self, desk):
        case = scene.case()
        broken(case)
        flag = ReadingFlag.objects.get()
        client = desk(people.officer("karim", Role.AUDITOR, at=people.unit()))
        page = reverse("admin:trust_readingflag_change", args=[flag.pk])
        assert WORDS in pages.words(client.get(page))
        client.post(page, {"verdict": "explained", "reason": "Appel confirmé."})
        assert ReadingFlag.objects.get().verdict == "explained"

    def test_an_ordinary_reader_is_not_said_to_have_broken_anything(self, desk):
        case = scene.case()
        desk(people.ines()).get(pages.of_case(case))
        assert not AuditEntry.objects.filter(purpose="broken glass").exists()
        assert audit.ACTIONS["glass.broken"]

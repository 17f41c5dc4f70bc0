"""New rights are asked for by one administrator and given by another; what is taken is gone at once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction

from notifier.models import Batch
from tests import people
from tests.alerts.test_race import at_once
from trust import clock, granting, rights
from trust.granting import GrantRefused
from trust.models import AuditEntry, Decision, Grant, Officer
from trust.rights import Wanted
from trust.roles import Role


def rita() -> Officer:
    return people.officer("rita", Role.ADMINISTRATOR, display_name="Rita Bennis", at=people.unit())


def yasmine() -> Officer:
    return people.officer("yasmine", at=people.unit())


def roles_of(officer: Officer) -> set[str]:
    return set(Officer.objects.get(pk=officer.pk).roles)


def asked(ground: str = "role:approver", *, about: Officer | None = None) -> Grant:
    grant = granting.ask(about or yasmine(), ground, people.nadia())
    assert grant
    return grant


def refusal(act) -> str:
    with pytest.raises(GrantRefused) as caught:
        act()
    return caught.value.code


@pytest.mark.django_db
class TestGiving:
    def test_a_new_role_waits_and_a_second_administrator_gives_it(self):
        done = rights.change(
            yasmine(), Wanted(frozenset({"officer", "intake"}), people.unit()), people.nadia()
        )
        assert done.asked == ("role:intake", "role:officer")
        assert roles_of(yasmine()) == set()
        grant = Grant.objects.get(ground="role:officer")
        granting.give(grant.pk, rita(), factor_at=clock.now())
        assert roles_of(yasmine()) == {"officer"}
        assert AuditEntry.objects.filter(action="grant.given", subject=yasmine().pk, actor=rita().pk).exists()

    def test_whoever_asked_does_not_give(self):
        assert (
            refusal(lambda: granting.give(asked().pk, people.nadia(), factor_at=clock.now())) == "same_person"
        )
        assert roles_of(yasmine()) == set()

    def test_nobody_asks_for_or_decides_on_their_own_account(self):
        nadia = people.nadia()
        assert refusal(lambda: granting.ask(nadia, "role:approver", nadia)) == "own_account"
        about_rita = asked("role:approver", about=rita())
        assert refusal(lambda: granting.give(about_rita.pk, rita(), factor_at=clock.now())) == "own_account"
        assert refusal(lambda: granting.refuse(about_rita.pk, rita())) == "own_account"

    def test_without_a_fresh_factor_nothing_is_given(self):
        assert refusal(lambda: granting.give(asked().pk, rita(), factor_at=None)) == "no_factor"

    @pytest.mark.parametrize("role", [Role.OFFICER, Role.APPROVER, Role.AUDITOR])
    def test_no_other_role_asks_or_gives(self, role):
        other = people.officer("other", role, at=people.unit())
        assert refusal(lambda: granting.ask(yasmine(), "role:officer", other)) == "no_right"
        assert refusal(lambda: granting.give(asked().pk, other, factor_at=clock.now())) == "no_right"

    def test_a_right_revoked_meanwhile_gives_nothing(self):
        grant, second = asked(), rita()
        assert second.has_perm(granting.DECIDE)  # as the page that is still open remembers it
        Officer.objects.get(pk=second.pk).groups.clear()
        assert refusal(lambda: granting.give(grant.pk, second, factor_at=clock.now())) == "no_right"

    def test_what_a_former_administrator_asked_for_is_not_given(self):
        grant = asked()
        Officer.objects.filter(pk=people.nadia().pk).update(is_active=False)
        assert refusal(lambda: granting.give(grant.pk, rita(), factor_at=clock.now())) == "asker_gone"

    def test_after_seven_days_it_lapses_and_the_officer_is_told(self, monkeypatch):
        grant = asked()
        monkeypatch.setattr(clock, "SHIFT", granting.STANDS_FOR - timedelta(minutes=1))
        assert granting.lapse_due() == 0
        monkeypatch.setattr(clock, "SHIFT", granting.STANDS_FOR)
        assert refusal(lambda: granting.give(grant.pk, rita(), factor_at=clock.now())) == "expired"
        assert (granting.lapse_due(), granting.lapse_due()) == (1, 0)
        assert Grant.objects.get(pk=grant.pk).outcome == Decision.Outcome.LAPSED
        assert set(Batch.objects.filter(subject=grant.pk).values_list("channel", flat=True)) == {
            "sms",
            "email",
        }

    def test_a_row_changed_in_the_database_gives_nothing(self):
        grant = asked("role:intake")
        Decision.objects.filter(pk=grant.pk).update(ground="role:approver")
        assert refusal(lambda: granting.give(grant.pk, rita(), factor_at=clock.now())) == "void"
        assert roles_of(yasmine()) == set()

    def test_the_same_right_waits_once(self):
        asked()
        assert granting.ask(yasmine(), "role:approver", rita()) is None
        assert Grant.objects.open().count() == 1

    @pytest.mark.parametrize(
        "ground", ["role:service", "role:root", "role:", "unit:", "unit:x", "all", "active:x"]
    )
    def test_a_right_that_does_not_exist_is_not_asked_for(self, ground):
        assert refusal(lambda: asked(ground)) == "no_such_right"

    def test_whoever_asked_takes_it_back_and_nobody_else(self):
        grant = asked()
        assert refusal(lambda: granting.call_off(grant.pk, rita())) == "not_yours"
        granting.call_off(grant.pk, people.nadia())
        assert refusal(lambda: granting.give(grant.pk, rita(), factor_at=clock.now())) == "already_decided"

    def test_another_two_person_act_is_no_grant(self):
        other = Decision.ask("withdrawal", yasmine().pk, asked_by=people.nadia(), ground="role:approver")
        with pytest.raises(Grant.DoesNotExist):
            granting.give(other.pk, rita(), factor_at=clock.now())

    def test_a_lost_factor_is_forgotten_by_two_and_the_password_with_it(self):
        people.with_second_factor(yasmine())
        grant = asked("factor")
        assert Authenticator.objects.filter(user=yasmine()).exists()
        granting.give(grant.pk, rita(), factor_at=clock.now())
        assert not Authenticator.objects.filter(user=yasmine()).exists()
        assert not Officer.objects.get(pk=yasmine().pk).has_usable_password()


@pytest.mark.django_db
class TestChanging:
    def test_taking_is_at_once_and_alone(self):
        ines = people.ines()
        done = rights.change(ines, Wanted(frozenset(), ines.unit), people.nadia())
        assert done == rights.Changed((), ("role:officer",))
        assert roles_of(ines) == set()

    @pytest.mark.parametrize(
        ("held", "wanted", "left"),
        [
            ({"administrator", "approver"}, {"approver"}, set()),
            ({"service", "approver"}, {"approver"}, {"service", "approver"}),
            ({"officer", "approver"}, {"approver"}, {"approver"}),
        ],
    )
    def test_taking_a_role_wakes_no_other_that_it_kept_asleep(self, held, wanted, left):
        samir = people.officer("samir", *held, at=people.unit())
        rights.change(samir, Wanted(frozenset(wanted), samir.unit), people.nadia())
        assert set(Officer.objects.get(pk=samir.pk).groups.values_list("name", flat=True)) == left

    def test_closing_is_at_once_and_ends_what_waited(self):
        grant = asked("role:auditor", about=people.ines())
        ines = people.ines()
        wanted = Wanted(frozenset({"officer", "auditor"}), ines.unit, is_active=False)
        assert rights.change(ines, wanted, people.nadia()) == rights.Changed((), ("active",))
        assert not Officer.objects.get(pk=ines.pk).is_active
        assert Grant.objects.get(pk=grant.pk).outcome == Decision.Outcome.LAPSED

    def test_opening_again_waits_for_two(self):
        Officer.objects.filter(pk=people.ines().pk).update(is_active=False)
        ines = people.ines()
        done = rights.change(ines, Wanted(frozenset({"officer"}), ines.unit), people.nadia())
        assert done.asked == ("active",)
        assert not Officer.objects.get(pk=ines.pk).is_active
        granting.give(Grant.objects.get().pk, rita(), factor_at=clock.now())
        assert roles_of(ines) == {"officer"}

    def test_another_unit_waits_for_two(self):
        ines, nadia = people.ines(), people.nadia()
        for unit in (people.unit("hay-riad"), people.lea().unit):
            assert unit
            done = rights.change(ines, Wanted(frozenset({"officer"}), unit), nadia)
            assert done.asked == (f"unit:{unit.pk}",)
            assert Officer.objects.get(pk=ines.pk).unit != unit
            granting.give(Grant.objects.open().get().pk, rita(), factor_at=clock.now())
            ines = Officer.objects.get(pk=ines.pk)
            assert ines.unit == unit

    def test_whoever_is_taken_out_of_a_unit_is_out_at_once(self):
        ines = people.ines()
        rights.change(ines, Wanted(frozenset({"officer"}), None), people.nadia())
        moved = AuditEntry.objects.get(action="officer.moved", subject=ines.pk)
        assert (moved.before, moved.after) == (str(ines.unit_id), "")

    def test_leaving_and_coming_back_is_no_way_round(self):
        ines, elsewhere = people.ines(), people.lea().unit
        rights.change(ines, Wanted(frozenset({"officer"}), None), people.nadia())
        rights.change(ines, Wanted(frozenset({"officer"}), elsewhere), people.nadia())
        assert Officer.objects.get(pk=ines.pk).unit is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asker", "decider"), [("nadia", "nadia"), ("nadia", "yasmine"), ("yasmine", "nadia"), (None, "nadia")]
)
def test_the_database_refuses_a_grant_that_is_not_by_two_others(asker, decider):
    cast = {"nadia": people.nadia(), "yasmine": yasmine(), None: None}
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(
            act="grant", subject=yasmine().pk, asked_by=cast[asker], decided_by=cast[decider],
            asked_at=clock.now(), decided_at=clock.now(), outcome="granted",
        )  # fmt: skip


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgresql
def test_two_administrators_at_once_decide_once():
    grant, first, second = asked(), rita(), people.officer("samir", Role.ADMINISTRATOR, at=people.unit())

    said: list[str] = []

    def keeping(act: Callable[[], object]) -> Callable[[], None]:
        """Let a refusal count as an answer."""

        def run() -> None:
            try:
                act()
                said.append("done")
            except GrantRefused as refused:
                said.append(refused.code)

        return run

    at_once(
        keeping(lambda: granting.give(grant.pk, first, factor_at=clock.now())),
        keeping(lambda: granting.refuse(grant.pk, second)),
    )
    assert sorted(said) == ["already_decided", "done"]
    is_given = Grant.objects.get(pk=grant.pk).outcome == Decision.Outcome.GRANTED
    assert (roles_of(yasmine()) == {"approver"}) is is_given

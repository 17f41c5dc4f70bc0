"""Two officers decide about a statement at once: one decision counts."""

import pytest

from alerts import statements
from alerts.models import Statement
from tests import people
from tests.alerts import stating
from tests.alerts.test_race import at_once
from trust import clock
from trust.models import Decision
from trust.roles import Role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


def test_signed_and_refused_at_once_is_one_of_both() -> None:
    row = stating.proposed()
    omar, sara = people.omar(), people.officer("sara", Role.APPROVER, at=people.unit())
    fresh = clock.now()
    said = at_once(
        lambda: statements.sign(row, omar, digest=row.digest, factor_at=fresh),
        lambda: statements.refuse(row, sara, stating.REASON),
    )
    assert said == ["done", "statement_not_proposed"]
    stored = Statement.objects.get(pk=row.pk)
    assert (stored.state, Decision.objects.get(subject=row.pk).outcome) in {
        ("signed", "granted"),
        ("refused", "refused"),
    }


def test_a_withdrawal_is_asked_once() -> None:
    row = stating.signed()
    ines, omar = people.ines(), people.omar()
    said = at_once(
        lambda: statements.ask_withdrawal(row, ines, stating.REASON),
        lambda: statements.ask_withdrawal(row, omar, stating.REASON),
    )
    assert said == ["done", "withdrawal_asked"]
    assert Decision.objects.filter(subject=row.pk, act="statement_withdrawal").count() == 1

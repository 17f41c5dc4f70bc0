"""Statements: two people, one digest, found again by what is pasted."""

import pytest

from alerts import statements
from alerts.models import Statement
from tests.alerts import stating

pytestmark = pytest.mark.django_db


def test_signed_by_two_it_is_live() -> None:
    row = stating.signed()
    assert list(statements.live()) == [row]
    assert Statement.objects.get(pk=row.pk).said("fr").title == "Cette vidéo est ancienne"

from pathlib import Path

import pytest
from django.conf import settings

from tests import people

Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # WhiteNoise warns of a missing one


@pytest.fixture
def ines(db):
    """Ines, on duty at her unit."""
    officer, unit = people.ines(), people.unit()
    unit.duty_officer = officer
    unit.save()
    officer.unit = unit
    return officer

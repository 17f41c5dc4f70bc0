"""Whoever walks: two officers, and what their browsers and the public's complain of."""

import pytest

from bin import town
from tests.journeys.watching import watched


@pytest.fixture(scope="module")
def complaints():
    """All that the browsers said of scripts, styles and addresses that did not work."""
    return []


@pytest.fixture(scope="module")
def officers(browser, standing, complaints):
    """Ines and Omar, signed in for the night: a one-time code opens the desk once."""
    pages = []
    for name in ("ines", "omar"):
        pages.append(watched(town.person(browser, standing), complaints))
        town.sign_in(pages[-1], standing, name)
    return pages

"""How the report says who and when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format

from alerts.after.model import Person

SHORT = 8  # letters of an account's id: enough to tell the people of one case apart


class Voice:
    """Name accounts by what the report has of them, and hours in one zone."""

    def __init__(self, people: Iterable[Person], zone: ZoneInfo) -> None:
        self.zone = zone
        self._people = {person.id: person for person in people}

    def moment(self, at: datetime | None) -> str:
        """Return day, year and hour to the second, in the zone that the report names once."""
        return date_format(timezone.localtime(at, self.zone), "j F Y H:i:s") if at else "—"

    def who(self, account: str) -> str:
        """Return the name where the report has names, else the account's first letters; a dash for nobody."""
        person = self._people.get(account)
        return (person.name if person else "") or account[:SHORT] or "—"

    def acted(self, at: datetime | None, account: str) -> str:
        return f"{self.who(account)}\n{self.moment(at)}" if at else "—"

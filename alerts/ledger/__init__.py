"""What went out of an alert, what was taken back of it, and what a person still owes: a line for each thing.

Whoever puts something out says here what became of it:

    from alerts import ledger
    ledger.SOURCES.append(lines)    # lines(alert) -> Iterable[ledger.Line], in a fixed number of queries
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from alerts.ledger import sources
from alerts.ledger.line import Figures, Line, figures, gathered
from alerts.models import Alert

__all__ = ["SOURCES", "Figures", "Line", "figures", "gathered", "lines"]

SOURCES: list[Callable[[Alert], Iterable[Line]]] = [sources.sent, sources.ours]


def lines(alert: Alert) -> list[Line]:
    """Return every line of an alert, source by source (some ten queries, whatever the audience)."""
    return [line for source in SOURCES for line in source(alert)]

"""The pages that the bench of the desk opens, and how each is measured."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from math import ceil
from typing import Any

from django.db import connection
from django.test import Client

from bench import desk_rival
from bench.desk_cases import Archive
from cases import name_tokens
from cases.models import Case, Child, NameToken
from trust import keys
from trust.models import Officer

SHOWN = 50  # rows of a page
CASES, ALERTS, VERSIONS = "/police/cases/case/", "/police/alerts/alert/", "/police/alerts/version/"
TIPS = "/police/tips/tip/"


class NotFound(Exception):  # noqa: N818  it says what happened
    """A page did not show what it was asked for: its time would measure nothing."""


@dataclass(frozen=True)
class Asked:
    """Hold one page: what it is called in the figures, its address, and what it must show."""

    case: str
    address: str
    shows: str = ""
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Measured:
    """Hold what a page cost: its queries, and milliseconds of every round, the quickest first."""

    case: str
    rival: str
    queries: int
    took_ms: tuple[float, ...]

    def at(self, share: float) -> float:
        """Return the milliseconds within which that share of the rounds was done."""
        return self.took_ms[max(0, ceil(share * len(self.took_ms)) - 1)]


def pages(archive: Archive, officer: Officer) -> Iterator[Asked]:
    """Yield every list that the officer's role opens."""
    yield Asked("home", "/police/")
    if officer.has_perm("cases.view_case"):
        yield Asked("case_list", CASES)
        yield Asked("case_list_received", CASES, query={"state__exact": "received"})
        yield Asked("case_list_last_page", CASES, query={"p": str(_last_page(officer))})
        yield Asked("case_search_reference", CASES, archive.reference, {"q": archive.reference})
        yield Asked("alert_list", ALERTS)
        yield Asked("alert_search", ALERTS, archive.reference, {"q": archive.reference})
        yield Asked("version_list", VERSIONS)
        yield Asked("version_search", VERSIONS, archive.reference, {"q": archive.reference})
    yield Asked("task_list", "/police/trust/task/")
    yield Asked("roster", "/police/trust/shift/")
    yield Asked("sending_list", "/police/notifier/batch/")
    if officer.has_perm("trust.view_auditentry"):
        yield Asked("log", "/police/trust/auditentry/")


def of_tips(reference: str, officer: Officer) -> Iterator[Asked]:
    """Yield the queue of tips as it opens, narrowed, far down, and the search for one."""
    if not officer.has_perm("tips.view_tip"):
        return
    yield Asked("tip_queue", TIPS)
    yield Asked("tip_queue_overdue", TIPS, query={"late": "1"})
    yield Asked("tip_queue_media", TIPS, query={"media": "1"})
    yield Asked("tip_queue_page_20", TIPS, query={"p": "20"})
    yield Asked("tip_search", TIPS, query={"q": reference[:6]})


def _last_page(officer: Officer) -> int:
    return max(1, -(-Case.objects.for_officer(officer).count() // SHOWN))


@contextmanager
def counted() -> Iterator[list[str]]:
    """Yield a list that fills with the statements asked, those that open and end a transaction apart."""
    asked: list[str] = []

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if not sql.startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")):
            asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield asked


def measured(asked: Asked, rival: str, client: Client, rounds: int) -> Measured:
    """Open the page once for its queries and what it shows, then for the time. Raises NotFound."""
    with counted() as queries:
        page = client.get(asked.address, asked.query)
    if page.status_code != 200:
        raise NotFound(f"{asked.case}: {page.status_code}")
    if asked.shows and asked.shows not in _rows(page.content.decode()):
        raise NotFound(f"{asked.case}: the list does not show what was asked for")
    took = sorted(_timed(lambda: client.get(asked.address, asked.query)) for _round in range(rounds))
    return Measured(asked.case, rival, len(queries), tuple(took))


def _rows(page: str) -> str:
    """Return the list of the page: the words of a search stand above it anyway."""
    return page.partition("<tbody>")[2]


def _timed(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000


def searches(archive: Archive, officer: Officer, rounds: int) -> Iterator[Measured]:
    """Yield searches by name and phone: by keyed digests, and by a rival that opens every name in scope."""
    if not officer.has_perm("cases.view_case"):
        return
    words = {name: getattr(archive, name) for name in ("given_name", "family_name", "rare_name")}
    sought = {name: name_digests(typed) for name, typed in words.items()}
    for name, tokens in {**sought, "phone": [keys.token("phone", archive.phone)]}.items():
        with counted() as queries:
            if not by_digest(tokens, officer):
                raise NotFound(f"search_{name}: nothing was found")
        took = sorted(_timed(partial(by_digest, tokens, officer)) for _round in range(rounds))
        yield Measured(f"search_{name}", "ours", len(queries), tuple(took))
    with counted() as queries:
        took_ms = _timed(lambda: by_opening(archive.family_name, officer))
    yield Measured("search_family_name", "open_every_name", len(queries), (took_ms,))


def name_digests(typed: str) -> list[str]:
    return [keys.token(f"name {kind}", value) for kind, value in name_tokens.tokens(typed)]


def by_digest(tokens: list[str], officer: Officer) -> list[str]:
    """Return the names of the newest fifty children in scope that share a word or a sound."""
    alike = NameToken.objects.filter(token__in=tokens).values("case")
    cases = Case.objects.for_officer(officer).filter(pk__in=alike).order_by("-received_at")
    found = list(cases.values_list("pk", flat=True)[:SHOWN])
    rows = Child.objects.filter(case__in=found).values_list("case_id", "given_name")
    sealed = ((pk, "given_name", bytes(name)) for pk, name in rows if name)
    return [(name or b"").decode() for name in keys.open_many(sealed)]


def by_opening(name: str, officer: Officer) -> list[str]:
    scope = Child.objects.filter(case__in=Case.objects.for_officer(officer))
    found = [child.given_name or "" for child in scope.iterator() if child.family_name == name]
    assert found
    return found


def stock(archive: Archive, client: Client, rounds: int) -> Iterator[Measured]:
    """Yield the list of Django's own admin."""
    searched = {"case_list": {}, "case_search_reference": {"q": archive.reference}}
    for case, query in searched.items():
        yield measured(Asked(case, desk_rival.CASES, query=query), "stock_admin", client, rounds)

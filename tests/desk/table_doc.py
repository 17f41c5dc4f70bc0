"""docs/who-may-what.md: the declared table as a page for reading, made by `make docs`."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from tests.desk.doors import doors
from tests.desk.doors_world import FOREIGN, OWN, SIBLING, Person
from tests.desk.table import CHAPTERS, NOBODY, Row, To, does, reaches
from trust import audit
from trust.roles import Role

PERSONS = [role for role in Role if role != Role.SERVICE]
OK = 200
STOCK = {"changelist": "the list", "history": "Django's history, which is empty", "change": "one row"}
SCOPES = {(True, True): "everywhere", (True, False): "its force", (False, False): "its unit"}
HEAD = """# Who may do what

Made by `make docs` from the table that the tests hold against every address under `/police/`, for every
role, for rows of the own unit, of another unit of the same force and of another force
(`tests/desk/table.py`). A new address fails those tests until it is declared there.

*Its unit*: rows of the officer's own unit. *Its force*: of every unit of the agency. *Everywhere*: what
belongs to no unit. *Looks*: may open the page, and not do what it offers. A dash: refused, and nothing of
the row is shown. An act also asks what its own rule asks: two people, a fresh second factor, a case that
stands where it is possible.

Nobody adds, changes or deletes rows on Django's own pages but for what is listed here, and no list offers
actions on many rows. Without signing in, as an inactive account, as a service account or with
`is_superuser` alone no page below opens.
"""


def text() -> str:
    """Return the page."""
    return HEAD + "".join(_chapter(title, rows) for title, rows in CHAPTERS.items())


def _chapter(title: str, rows: Mapping[str, Row]) -> str:
    lines = list(_lines(rows))
    if not lines:
        return ""
    head = f"| | address | {' | '.join(PERSONS)} |\n|{' --- |' * (len(PERSONS) + 2)}\n"
    return f"\n## {title[0].upper()}{title[1:]}\n\n{head}" + "".join(lines)


def _lines(rows: Mapping[str, Row]) -> Iterator[str]:
    routes = {door.name: door.route for door in doors()}
    for name, row in rows.items():
        is_closed = row.right == NOBODY or (row.get != OK and not row.act)
        if is_closed or row.to is not To.DESK:
            continue
        told = " | ".join(_cell(_of_its_rows(name, row, rows), role) for role in PERSONS)
        yield f"| {_what(name, row)} | `{_address(routes[name])}` | {told} |\n"


def _of_its_rows(name: str, row: Row, rows: Mapping[str, Row]) -> Row:
    """Return a list's row with the scope of what it lists."""
    of_one = rows.get(f"{name.removesuffix('_changelist')}_history") if name.endswith("_changelist") else None
    return replace(row, scoped=of_one.scoped) if of_one else row


def _cell(row: Row, role: str) -> str:
    """Say how far a role reaches, and where it only looks."""
    if not row.holds(role) or (row.get != OK and not row.holds(role, "post")):
        return "—"
    seen = [reaches(row, Person(role, place)) for place in (OWN, SIBLING, FOREIGN)]
    if not seen[0]:
        return "—"
    scope = SCOPES[seen[1], seen[2]]
    acts = row.holds(role, "post") and does(row, Person(role, OWN))
    return scope if not row.act or acts else f"looks: {scope}"


def _what(name: str, row: Row) -> str:
    if not row.act:
        page = name.rsplit("_", 1)[-1]
        return STOCK.get(page, page)
    said = audit.ACTIONS[row.act]
    return said[0].lower() + said[1:]


def _address(route: str) -> str:
    bare = re.sub(r"<(?:\w+:)?(\w+)>", "…", route.removeprefix("police/"))
    return re.sub(r"\^?\(\?P<.*", "", bare) or "/"

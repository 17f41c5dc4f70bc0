"""What each channel can do, and what is done about each refusal, as Markdown tables: docs/channels.md holds
them, a test keeps them true.
"""

from collections.abc import Iterator
from importlib import import_module
from inspect import isclass
from pkgutil import iter_modules

from notifier import backends
from notifier.actions import ACTIONS
from notifier.backends.base import Backend

COLUMNS: tuple[tuple[str, str], ...] = (
    ("direct", "to one person each"),
    ("has_receipts", "receipts"),
    ("can_edit", "edit"),
    ("can_recall", "recall"),
    ("can_read_back", "found after a lost answer"),
    ("resend_unknown", "re-sent after one"),
    ("carries_media", "picture"),
    ("leaves_country", "leaves the country"),
)


def backend_classes() -> Iterator[type[Backend]]:
    """Every class in notifier/backends that sends, in the order of its file's name."""
    for module in sorted(info.name for info in iter_modules(backends.__path__)):
        found = vars(import_module(f"{backends.__name__}.{module}")).values()
        yield from (
            member
            for member in found
            if isclass(member)
            and issubclass(member, Backend)
            and member.__module__.endswith(f".{module}")
            and member.send is not Backend.send
        )


def feature_table() -> str:
    """One line a backend, generated from its flags."""
    head = [
        "backend",
        *(title for _, title in COLUMNS),
        "longest",
        "a second",
        "people a day",
        "receipt within",
    ]
    return _table([head, *(_row(backend) for backend in backend_classes())])


def action_table() -> str:
    """One line a kind of refusal, generated from what is done about it."""
    rows = [[f"`{kind}`", f"`{for_good}`", f"`{passing}`"] for kind, (for_good, passing) in ACTIONS.items()]
    return _table([["kind", "for good", "in passing"], *rows])


def _table(rows: list[list[str]]) -> str:
    head, *others = rows
    return "".join(f"| {' | '.join(row)} |\n" for row in [head, ["---"] * len(head), *others])


def _row(backend: type[Backend]) -> list[str]:
    flags = ["yes" if getattr(backend, name) else "no" for name, _ in COLUMNS]
    longest = ", ".join(f"{units} ({encoding})" for encoding, units in backend.max_length.items())
    rate = "no limit" if backend.per_second is None else f"{backend.per_second:g}"
    day = "no limit" if backend.per_day is None else str(backend.per_day)
    receipt = "not asked" if backend.receipt_s is None else f"{backend.receipt_s:g} s"
    name = f"`{backend.__module__.rpartition('.')[2]}`"
    return [name, *flags, longest or "no limit", rate, day, receipt]

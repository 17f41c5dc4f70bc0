"""What each channel can do, as a Markdown table: docs/channels.md holds it, a test keeps it true."""

from collections.abc import Iterator
from importlib import import_module
from inspect import isclass
from pkgutil import iter_modules

from notifier import backends
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
    head = ["backend", *(title for _, title in COLUMNS), "longest", "a second"]
    rows = [head, ["---"] * len(head), *(_row(backend) for backend in backend_classes())]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _row(backend: type[Backend]) -> list[str]:
    flags = ["yes" if getattr(backend, name) else "no" for name, _ in COLUMNS]
    longest = ", ".join(f"{units} ({encoding})" for encoding, units in backend.max_length.items())
    rate = "no limit" if backend.per_second is None else f"{backend.per_second:g}"
    return [f"`{backend.__module__.rpartition('.')[2]}`", *flags, longest or "no limit", rate]

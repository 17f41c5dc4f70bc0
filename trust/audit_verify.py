"""Read the whole log and name what is wrong: rows changed, removed, swapped, inserted; a cut tail."""

import hmac
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from trust import audit_mac, audit_rows, triggers
from trust.audit_mac import Macs
from trust.audit_rows import Row
from trust.audit_seal import BATCH
from trust.models.audit import AuditEntry, AuditExport, Seal

# What is said, not held against anybody: rows younger than the last seal or the last exported head.
INFORMATION = frozenset({"unsealed", "unanchored"})

NAMED_AT_MOST = 1000
SWAPS_AMONG = 200  # wrong rows at most are tried each under the number of each: more is no swap, but ruin
COVERED_AT_MOST = 1_000_000


@dataclass(frozen=True)
class Finding:
    """Name one thing; `row` is the entry's or the seal's number, `of` says which.

    `kind`: altered, removed, swapped, inserted, broken_chain, cut_tail, bad_head, bad_export, no_trigger, or
    one of INFORMATION.
    """

    kind: str
    of: str
    row: int
    detail: str = ""

    @property
    def is_error(self) -> bool:
        return self.kind not in INFORMATION

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"error": self.is_error}


def verify(heads_file: Path | None = None) -> list[Finding]:
    """Return every finding, errors first; an untouched log gives none or only INFORMATION.

    Reads entries and seals once, side by side. Heads come from `heads_file`, else HEADS_FILE if it exists.
    """
    macs = Macs()
    heads, found = _heads(heads_file, macs)
    found += [Finding("no_trigger", "trigger", 0, name) for name in triggers.missing(connection)]
    exports, bad_exports = _exports()
    entries = _Entries(macs)
    found += bad_exports
    found += _Seals(entries, exports, heads, macs).read()
    found += entries.rest()
    return sorted(found, key=lambda finding: (not finding.is_error, finding.of, finding.row))


class _Entries:
    """The entries in order of number, each taken by the seal that covers it."""

    def __init__(self, macs: Macs) -> None:
        self._macs = macs
        self._rows = audit_rows.rows(BATCH)
        self._waiting: dict[int, str] = {}
        self._wrong: dict[int, Row] = {}
        self._wrong_and_sealed: set[int] = set()
        self._read_to = 0

    def take(self, id_: int) -> str | None:
        """Return the entry's mac, or None when there is no such row."""
        self._read(id_)
        mac = self._waiting.pop(id_, None)
        if id_ in self._wrong:
            self._wrong_and_sealed.add(id_)
        return mac or AuditEntry.objects.filter(pk=id_).values_list("mac", flat=True).first()

    def rest(self) -> Iterator[Finding]:
        """Yield what is wrong with single rows, and (as information) those that no seal covers yet."""
        self._read(None)
        yield from map(self._named, self._wrong.values())
        yield from (Finding("unsealed", "entry", id_) for id_ in self._waiting if id_ not in self._wrong)

    def _read(self, to_id: int | None) -> None:
        while to_id is None or self._read_to < to_id:
            row = next(self._rows, None)
            if row is None:
                return
            self._read_to = row.id
            self._waiting[row.id] = str(row.mac)
            if not self._is_true(row):
                self._wrong[row.id] = row

    def _is_true(self, row: Row, *, as_: int | None = None) -> bool:
        return hmac.compare_digest(self._macs.of_row(row, id_=as_).encode(), str(row.mac).encode())

    def _named(self, row: Row) -> Finding:
        for other in self._wrong if len(self._wrong) <= SWAPS_AMONG else ():
            if other != row.id and self._is_true(row, as_=other):
                return Finding("swapped", "entry", row.id, f"holds what entry {other} held")
        if row.id not in self._wrong_and_sealed:
            return Finding("inserted", "entry", row.id, "not written by this program")
        return Finding("altered", "entry", row.id)


class _Seals:
    """The chain of seals, held against the entries, the exported segments and the exported heads."""

    def __init__(
        self, entries: _Entries, exports: list[AuditExport], heads: dict[int, dict[str, Any]], macs: Macs
    ) -> None:
        self.macs = macs
        self.entries = entries
        self.heads = heads
        self.released = [(export.first_id, export.last_id) for export in exports]
        self.gone = {export.last_seal: export.head for export in exports}
        self.gone_spans = [(export.first_seal, export.last_seal) for export in exports]
        self.last = self.last_id = 0
        self.hash = ""

    def read(self) -> Iterator[Finding]:
        for seal in Seal.objects.order_by("number").iterator(chunk_size=BATCH):
            yield from self._chain(seal)
            yield from self._contents(seal)
            self.last, self.hash = seal.number, seal.hash
            self.last_id = max(self.last_id, seal.last_id)
        yield from self._tail()

    def _chain(self, seal: Seal) -> Iterator[Finding]:
        wanted = range(self.last + 1, seal.number)
        missing = [number for number in wanted[:NAMED_AT_MOST] if not _within(number, self.gone_spans)]
        yield from (Finding("removed", "seal", number) for number in missing)
        follows = self.hash if seal.number == self.last + 1 else self.gone.get(seal.number - 1)
        if follows is not None and seal.previous != follows:
            yield Finding("broken_chain", "seal", seal.number, "does not follow the seal before it")
        head = self.heads.get(seal.number)
        if head and head["hash"] != seal.hash:
            yield Finding("altered", "seal", seal.number, "not the seal whose head was exported")

    def _contents(self, seal: Seal) -> Iterator[Finding]:
        ids = _ids(seal)
        if ids is None:
            yield Finding("altered", "seal", seal.number, "its ranges are none that a sealer writes")
            return
        digest = audit_mac.EntriesDigest()
        is_whole = True
        for id_ in ids:
            mac = self.entries.take(id_)
            digest.add(id_, mac or "")
            is_whole = is_whole and mac is not None
            if mac is None and not _within(id_, self.released):
                yield Finding("removed", "entry", id_)
        made = self.macs.of_seal(seal, digest.value())
        if is_whole and not hmac.compare_digest(made.encode(), seal.hash.encode()):
            yield Finding("altered", "seal", seal.number, "it, or an entry it covers, was changed")

    def _tail(self) -> Iterator[Finding]:
        newest = max(self.heads, default=0)
        if newest > self.last and newest not in self.gone:
            to_id = self.heads[newest]["last_id"]
            yield Finding(
                "cut_tail", "seal", newest, f"the log ends at seal {self.last}; entries went to {to_id}"
            )
        anchored = max((head["last_id"] for head in self.heads.values()), default=0)
        if self.last_id > anchored:
            detail = f"sealed entries to {self.last_id} await the next head"
            yield Finding("unanchored", "entry", anchored + 1, detail)


def _ids(seal: Seal) -> list[int] | None:
    """Return the numbers the seal covers, or None for ranges that somebody made up: they could be endless."""
    try:
        spans = [range(int(first), int(last) + 1) for first, last in seal.ranges]
    except (TypeError, ValueError):
        return None
    if sum(map(len, spans)) != seal.count or seal.count > COVERED_AT_MOST:
        return None
    return [id_ for span in spans for id_ in span]


def _exports() -> tuple[list[AuditExport], list[Finding]]:
    good, bad = [], []
    for export in AuditExport.objects.order_by("first_id"):
        if hmac.compare_digest(audit_mac.of_export(export), export.mac):
            good.append(export)
        else:
            bad.append(Finding("bad_export", "export", export.pk, "not written by this deployment"))
    return good, bad


def _heads(heads_file: Path | None, macs: Macs) -> tuple[dict[int, dict[str, Any]], list[Finding]]:
    """Return the signed heads by seal number, and what is wrong with the file."""
    path = heads_file or Path(settings.HEADS_FILE)
    if not path.exists():
        return {}, [Finding("bad_head", "head", 0, "no such file")] if heads_file else []
    heads: dict[int, dict[str, Any]] = {}
    bad: list[Finding] = []
    for line, text in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        head = _parsed(text, macs)
        if head is None:
            bad.append(Finding("bad_head", "head", line, "not signed by this deployment"))
        elif heads.setdefault(head["number"], head)["hash"] != head["hash"]:
            bad.append(
                Finding("bad_head", "head", line, f"contradicts an earlier head of seal {head['number']}")
            )
    return heads, bad


def _parsed(text: str, macs: Macs) -> dict[str, Any] | None:
    try:
        head: dict[str, Any] = json.loads(text)
        signed = hmac.compare_digest(macs.of_head(head), head["signature"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return head if signed else None


def _within(number: int, spans: list[tuple[int, int]]) -> bool:
    return any(first <= number <= last for first, last in spans)

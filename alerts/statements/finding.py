"""Which statements answer a rumour that somebody pastes: by its link, or by its words."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Q

from alerts.models import Statement, StatementMark
from alerts.models.statement import StatementQuerySet
from alerts.statements import marks
from alerts.statements.drafting import token
from alerts.statements.marks import MOST_LETTERS
from trust.codes import CodeError, normalise_code

MOST_FOUND = 10
LINK, WORDS = StatementMark.Kind.LINK, StatementMark.Kind.WORDS


def live() -> StatementQuerySet:
    """Return what the force says now, the latest first."""
    return Statement.objects.live()


def found(words_or_link: str, among: StatementQuerySet | None = None) -> list[Statement]:
    """Return the statements about what was pasted, the surest first (two queries, three with words).

    Known by a link in any of its spellings, by enough of its words in any order, or by the statement's code.
    among: where to look; what the force says now, unless told.
    """
    pasted = words_or_link.strip()[: 2 * MOST_LETTERS]
    rows = live() if among is None else among
    links = [token(LINK, mark) for mark in marks.links(pasted)]
    scores: dict[UUID, float] = dict.fromkeys(_by_code(pasted, rows), 3.0)
    by_link = StatementMark.objects.filter(kind=LINK, token__in=links).values_list("statement", flat=True)
    scores |= dict.fromkeys(by_link if links else (), 2.0)
    for pk, share in _by_words(pasted).items():
        scores.setdefault(pk, share)
    known = rows.filter(pk__in=scores).select_related("unit__agency")
    return sorted(known, key=lambda row: (-scores[row.pk], -row.created_at.timestamp()))[:MOST_FOUND]


def _by_words(pasted: str) -> dict[UUID, float]:
    """Return {statement: how much of the shorter text is in both} (two queries)."""
    asked = [token(WORDS, pair) for pair in marks.pairs(pasted)]
    if not asked:
        return {}
    shared = (
        StatementMark.objects.filter(kind=WORDS, token__in=asked)
        .values("statement")
        .annotate(count=Count("pk"))
        .values_list("statement", "count")
    )
    counted = dict(shared)
    whole = Statement.objects.filter(pk__in=counted).annotate(
        pairs=Count("marks", filter=Q(marks__kind=WORDS))
    )
    sizes = dict(whole.values_list("pk", "pairs"))
    return {
        pk: count / min(len(asked), sizes[pk])
        for pk, count in counted.items()
        if pk in sizes and marks.is_same(count, len(asked), sizes[pk])
    }


def _by_code(pasted: str, rows: StatementQuerySet) -> list[UUID]:
    try:
        code = normalise_code(pasted)
    except CodeError:
        return []
    return list(rows.filter(code=code).values_list("pk", flat=True))

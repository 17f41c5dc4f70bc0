"""A follow-up never overtakes what it follows, and never reaches somebody who heard nothing before."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from notifier.composing import Row
from notifier.models import Batch, Chunk, Delivery
from notifier.models.delivery import TOLD, UNDER_WAY
from trust import clock

State = Delivery.State
LOOK_AGAIN = timedelta(seconds=1)


def in_order(chunk: Chunk, rows: list[Row]) -> list[Row]:
    """Those of the rows whose turn it is (one query more when the batch follows something).

    While a person's earlier delivery on this channel is under way, theirs waits; when it ended untold, theirs
    is suppressed; who had none is new and simply told. A batch of kind "alert" is whole in itself (a CAP
    document that replaces another): it waits in the same way, and is told to whom the earlier one never
    reached.
    """
    after = [UUID(subject) for subject in chunk.batch.after]
    if not after or not rows:
        return rows
    states = _earlier(chunk, after, rows)
    now, wait, suppress = [], [], []
    for row in rows:
        earlier = states.get(row.person, {})
        if UNDER_WAY_STATES & earlier.keys():
            wait.append(row.id)
        elif told := TOLD_STATES & earlier.keys():
            now.append(replace(row, earlier=min(earlier[state] for state in told)))
        elif earlier and chunk.batch.kind != Batch.Kind.ALERT:
            suppress.append(row.id)
        else:
            now.append(row)
    _hold_back(wait, suppress)
    return now


TOLD_STATES = frozenset(TOLD)
UNDER_WAY_STATES = frozenset(UNDER_WAY)


def _earlier(chunk: Chunk, after: list[UUID], rows: list[Row]) -> dict[UUID, dict[str, int]]:
    """For each person the states of their earlier deliveries, with the id of one in it."""
    found = Delivery.objects.about(after).filter(
        channel=chunk.channel, person__in=[row.person for row in rows]
    )
    states: dict[UUID, dict[str, int]] = {}
    for person, state, pk in found.values_list("person", "state", "pk"):
        states.setdefault(person, {})[state] = pk
    return states


def _hold_back(wait: list[int], suppress: list[int]) -> None:
    at = clock.now()
    if wait:
        Delivery.objects.filter(pk__in=wait, state=State.QUEUED).update(not_before=at + LOOK_AGAIN)
    if suppress:
        Delivery.objects.filter(pk__in=suppress).move(State.SUPPRESSED, at)

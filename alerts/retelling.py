"""Who hears of a later version of an alert: three kinds of people, each heard once, none twice.

Whoever was told anything of the alert on a channel has a delivery with the alert's UUID there: the first they
heard, or were to hear. So a newcomer is who has none, and the unique (subject, person, channel) keeps it so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef

from alerts.models import Subscription
from alerts.succession import Before
from alerts.targeting import Query
from notifier.models import Chunk, Delivery
from notifier.recording import People

_HAS = """EXISTS (
  SELECT 1 FROM notifier_delivery d JOIN notifier_batch b ON b.id = d.batch_id
  WHERE d.subject = %s AND d.person = s.id AND d.channel = %s AND b.superseded_by IS NOT NULL)"""
# A number that was refused is not tried again: only what waited, and never left, by whatever way.
_LEFT = """EXISTS (
  SELECT 1 FROM notifier_delivery d
  WHERE d.subject IN ({places}) AND d.person = s.id
  AND d.state NOT IN ('withdrawn', 'expired', 'suppressed'))"""


def newcomers(alert_id: UUID, channel: str, spoken: Sequence[str]) -> Query:
    """Return the condition on `s` that leaves those who are to hear of the alert on the channel as news.

    spoken: the channels of the version. Who has a message on one of them keeps to it, told or waiting, and
    never_reached() finds the rest; who was refused there, or had it on a channel left out, may be new here.
    """
    sql = "NOT EXISTS (SELECT 1 FROM notifier_delivery d WHERE d.subject = %s AND d.person = s.id"
    among = ", ".join(["%s"] * len(spoken))
    sql = f"{sql} AND (d.channel = %s OR (d.channel IN ({among}) AND d.state <> 'failed')))"
    return sql, [_uuid(alert_id), channel, *spoken]


def never_reached(before: Before, channel: str) -> Query:
    """Return the condition on `s` that leaves those whose earlier messages were all held back in time."""
    alert_id, places = before.subjects[0], ", ".join(["%s"] * len(before.subjects))
    params: list[Any] = [_uuid(alert_id), channel, *map(_uuid, before.subjects)]
    return f"{_HAS} AND NOT {_LEFT.format(places=places)}", params


def told_otherwise(before: Before, channel: str) -> People:
    """Return those told in other words and not yet in these, in the order in which they were recorded.

    Who left meanwhile hears no more.
    """
    told = Delivery.objects.about(before.subjects).filter(channel=channel).told()
    again = told.filter(person=OuterRef("person"), batch__superseded_by__in=before.same)
    stays = Subscription.objects.filter(pk=OuterRef("person"), ended_at=None)
    found = told.filter(Exists(stays), ~Exists(again), batch__superseded_by__in=before.other)
    return found.order_by("pk").values_list("person", "address", "language")


def is_settled(before: Before, channel: str) -> bool:
    """Say whether nothing of the earlier versions is on its way on the channel any more (one query).

    Only then is it known who was told: until then nobody is told again.
    """
    open_chunks = Chunk.objects.filter(batch__subject__in=before.subjects, channel=channel, done_at=None)
    return not open_chunks.exclude(batch__superseded_by=None).exists()


def _uuid(value: UUID) -> Any:
    return Delivery._meta.get_field("subject").get_db_prep_value(value, connection)

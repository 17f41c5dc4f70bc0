"""What others ask of this package: say it to these people, post it, stop it, take it back.

    batch = open_batch(kind="alert", subject=alert.pk, channel="sms", texts=..., key_owner=case.pk, ...)
    record(batch, people)          # one ring and channel; people is a QuerySet or (SQL, parameters)
    stop([alert.pk]); recall([alert.pk])

Nothing here touches the network: the rows are the queue, and notifier.dispatch works them off.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists

from notifier import editing, recording, registry
from notifier.ledger import LedgerLine, equation, ledger, told
from notifier.message import Text
from notifier.models import Batch, Chunk, Delivery, Post
from notifier.models.batch import PRIORITIES
from notifier.models.post import PostQuerySet
from notifier.recording import People
from notifier.removing import removed_by_hand
from notifier.waking import wake
from trust import clock
from trust.models import Officer, Unit

__all__ = [
    "LedgerLine",
    "equation",
    "ledger",
    "open_batch",
    "post",
    "recall",
    "record",
    "record_people",
    "record_told",
    "removed_by_hand",
    "replace_posts",
    "silence",
    "stop",
    "supersede",
    "told",
    "wake",
]


def open_batch(
    *,
    kind: str,
    subject: UUID,
    channel: str,
    texts: Mapping[str, Text],
    key_owner: UUID,
    expires_at: datetime,
    ring: int = 0,
    after: Iterable[UUID] = (),
    exercise: bool = False,
    not_before: datetime | None = None,
) -> Batch:
    """Write down what is to be said on one channel to one ring; nobody is told before a record or post.

    The key of `key_owner` must exist. `after` names the subjects a reader must have heard of before.
    """
    return Batch.objects.create(
        kind=kind,
        subject=subject,
        channel=channel,
        ring=ring,
        priority=PRIORITIES[kind],
        key_owner=key_owner,
        content=Batch.content_of(texts),
        exercise=exercise,
        after=[str(earlier) for earlier in after],
        not_before=not_before,
        expires_at=expires_at,
        created_at=clock.now(),
    )


def record(batch: Batch, people: People) -> int:
    """Queue one delivery for each person who is not told of this subject yet; count the new ones.

    One person, one message: who is told of it on another channel, or is about to be, keeps this one in
    reserve (notifier.fallback). The channel recorded first is the one preferred.
    `people` yields (person, sealed address, language), nearest first. Runs in transactions of at most
    recording.SLICE rows. Interrupted, `recorded_at` stays null and a second call records the rest.
    """
    return recording.record(batch, people)


def record_people(batch: Batch, people: Iterable[tuple[UUID, str, str]]) -> int:
    """Queue deliveries for a few people given as (person, plain address, language); count the new ones."""
    return recording.record_plain(batch, people)


def record_told(batch: Batch, subjects: Iterable[UUID], *, where: Exists | None = None) -> int:
    """Queue a follow-up to exactly those told of `subjects` on this channel, same address and language.

    where: what must hold of a delivery besides: who asked for no more since is told nothing.
    """
    told_before = Delivery.objects.about(subjects).filter(channel=batch.channel).told()
    if where is not None:
        told_before = told_before.filter(where)
    people = told_before.order_by("pk").values_list("person", "address", "language")
    return recording.record(batch, people, once=False)


def post(
    batch: Batch,
    *,
    unit: Unit | None = None,
    owner: Officer | None = None,
    instead_of: Iterable[UUID] = (),
) -> Post:
    """Queue the one post of a broadcast channel; `unit` and `owner` answer for taking it back by hand.

    A post about a subject of `instead_of` that stands, and whose words the channel can change, gets these.
    """
    at = clock.now()
    alias = registry.aliases_for(batch.channel)[0]
    with transaction.atomic():
        former = editing.former(instead_of, alias)
        made, _ = Post.objects.get_or_create(
            batch=batch,
            alias=alias,
            defaults={
                "subject": batch.subject,
                "channel": batch.channel,
                "priority": batch.priority,
                "due_at": max(batch.not_before or at, at),
                "asked_at": at,
                "unit": unit,
                "owner": owner,
                "edits": former,
                "external_id": former.external_id if former else "",
                "url": former.url if former else "",
            },
        )
        Batch.objects.filter(pk=batch.pk, recorded_at=None).update(recorded_at=at)
        wake(batch.channel)
    return made


def stop(subjects: Iterable[UUID]) -> None:
    """Stop all that is queued about these subjects, with the caller's transaction.

    From its commit on no worker starts a message of them. Up to recording.SLICE waiting deliveries are
    withdrawn at once, workers withdraw the rest.
    """
    _end(subjects, stopped_at=clock.now())


def supersede(subjects: Iterable[UUID], by: UUID, *, channels: Iterable[str] | None = None) -> None:
    """Stop what is queued about these subjects, on these channels or all, because `by` is said instead.

    Every batch is marked, the stopped ones too: the mark tells what was said before `by` and what after.
    """
    _end(subjects, channels, superseded_by=by)


def recall(
    subjects: Iterable[UUID],
    *,
    channels: Iterable[str] | None = None,
    unit: Unit | None = None,
    owner: Officer | None = None,
) -> int:
    """Ask that every post about these subjects is taken back, with the caller's transaction; count them.

    What is only queued is withdrawn. `channels`: on these alone. `unit` and `owner`, where given, answer for
    what a person must do.
    """
    at = clock.now()
    with transaction.atomic():
        posts = Post.objects.filter(subject__in=list(subjects))
        if channels is not None:
            posts = posts.filter(channel__in=list(channels))
        posts.move(Post.State.WITHDRAWN, at)
        editing.let_go(posts.values_list("pk", flat=True), "over")
        return _ask_back(posts, at, unit, owner)


def replace_posts(
    subjects: Iterable[UUID],
    by: UUID,
    *,
    channels: Iterable[str],
    same_photo: bool,
    unit: Unit | None = None,
    owner: Officer | None = None,
) -> None:
    """Have `by` said on these channels instead of what was posted, with the caller's transaction.

    What stands and can be given other words stays until post(…, instead_of=subjects) gives them; a photo
    cannot be changed. Everything else is taken back.
    """
    at, wanted = clock.now(), list(channels)
    supersede(subjects, by, channels=wanted)
    with transaction.atomic():
        posts = Post.objects.filter(subject__in=list(subjects), channel__in=wanted)
        stay = [
            (alias, name)
            for alias, name in posts.standing().values_list("alias", "external_id")
            if same_photo and editing.may_edit(alias)
        ]
        for alias, name in stay:  # and what is on the wire for the same post of the provider
            posts = posts.exclude(alias=alias, external_id=name)
        _ask_back(posts, at, unit, owner)


def silence(person: UUID, *, address: bytes | None = None) -> int:
    """Leave out what waits for a person, at all their addresses or at this sealed one; count it.

    With the caller's transaction: from its commit on nothing more leaves to them but what is on the wire.
    What may have arrived at an earlier attempt stays counted as unknown. Costs two queries and two updates.
    """
    at = clock.now()
    open_work = Chunk.objects.filter(done_at=None).values("batch__subject").order_by().distinct()
    waiting = Delivery.objects.filter(
        subject__in=list(open_work.values_list("batch__subject", flat=True)),
        person=person,
        state=Delivery.State.QUEUED,
    )
    if address is not None:
        waiting = waiting.filter(address=address)
    found = list(waiting.values_list("pk", flat=True))
    Delivery.objects.filter(pk__in=found).update(falls_at=None)
    Delivery.objects.filter(pk__in=found).end(Delivery.State.SUPPRESSED, at)
    return len(found)


def _ask_back(posts: PostQuerySet, at: datetime, unit: Unit | None, owner: Officer | None) -> int:
    answering = {name: who for name, who in (("unit", unit), ("owner", owner)) if who is not None}
    asked = posts.recallable().update(
        recall_state=Post.Recall.ASKED,
        recall_asked_at=at,
        done_at=None,
        due_at=at,
        attempts=0,
        **answering,
    )
    for channel in posts.values_list("channel", flat=True).distinct():
        wake(channel)
    return asked


def _end(subjects: Iterable[UUID], channels: Iterable[str] | None = None, **how: datetime | UUID) -> None:
    at = clock.now()
    with transaction.atomic():
        batches = Batch.objects.about(subjects).filter(**dict.fromkeys(how))
        if channels is not None:
            batches = batches.filter(channel__in=list(channels))
        # The batch first: whoever sends holds a share of it, so this waits for what is being marked now.
        ended = list(batches.values_list("pk", flat=True))
        Batch.objects.filter(pk__in=ended).update(**how)
        Post.objects.filter(batch__in=ended).move(Post.State.WITHDRAWN, at)
        queued = Delivery.objects.about(subjects).filter(batch__in=ended, state=Delivery.State.QUEUED)
        first = queued.values("pk")[: recording.SLICE]
        Delivery.objects.filter(pk__in=first).end(Delivery.State.WITHDRAWN, at)
        # Back-off must not keep a stopped chunk waiting: its last rows are settled by the next claim.
        Chunk.objects.filter(batch__in=ended, done_at=None).update(due_at=at)
        for channel in set(Batch.objects.filter(pk__in=ended).values_list("channel", flat=True)):
            wake(channel)

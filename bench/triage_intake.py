"""The flood, taken in by the way every gateway's message goes: stored, then heard by the intake."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from typing import Any
from unittest import mock

from django.db import transaction
from django.test import Client
from django.test.utils import override_settings
from django.urls import reverse

from bench import triage_flood
from bench.triage_flood import Sent
from notifier.models import InboundEvent
from notifier.signals import inbound_received
from tests import people
from tests.alerts import scene
from tips import assessing, queue
from tips.models import Tip
from trust import clock, keys


class Flood:
    """Hold a world with one live alert, and an hour's messages for it."""

    def __init__(self, count: int) -> None:
        self.reader = people.officer("b-triage", "officer", at=people.unit())
        version = scene.signed()
        self.code = version.alert.code
        self.count = count
        self.assessed: list[float] = []
        self._groups: dict[Any, str] = {}

    def without_triage(self, count: int) -> list[float]:
        """Return the seconds of each message where nothing is read, put together or scored."""
        with mock.patch("tips.assessing.assess"):
            spent = [self._take(one, f"rival-{n}") for n, one in self._messages(count)]
        Tip.objects.all().update(state=Tip.State.UNRELATED)
        return spent

    def take_in(self) -> list[float]:
        """Return the seconds of each message, from its storing to the answer in the outbox."""
        own = assessing.assess

        def measured(tip: Tip) -> None:
            began = time.perf_counter()
            own(tip)
            self.assessed.append(time.perf_counter() - began)

        with mock.patch("tips.assessing.assess", measured):
            return [self._take(one, f"ours-{n}") for n, one in self._messages(self.count)]

    def _messages(self, count: int) -> Iterator[tuple[int, Sent]]:
        return enumerate(triage_flood.flood(count, self.code, clock.now()))

    def _take(self, sent: Sent, key: str) -> float:
        began = time.perf_counter()
        with transaction.atomic():
            event = InboundEvent(
                alias=sent.channel, channel=sent.channel, event_key=key, kind="text",
                sender_token=keys.token(sent.channel, sent.number), at=clock.now(), received_at=clock.now(),
            )  # fmt: skip
            keys.create(event.pk, "inbound")
            event.sender, event.text = sent.number, sent.words
            event.raw = {"files": sent.files} if sent.files else {}
            event.save(force_insert=True)
        inbound_received.send(sender=InboundEvent, event=event)
        spent = time.perf_counter() - began
        if sent.group:
            self._groups[event.pk] = sent.group
        return spent

    def together(self) -> Iterator[tuple[str, float, float]]:
        """Yield each planted group with the share of it in one cluster, and that cluster's share of it."""
        rows = Tip.objects.exclude(cluster=None).values_list("event_id", "cluster")
        clusters = [(self._groups.get(event, ""), cluster) for event, cluster in rows.iterator()]
        sizes = Counter(cluster for _group, cluster in clusters)
        for group in (triage_flood.PHOTO, triage_flood.CHAIN, triage_flood.CAR):
            counted = Counter(cluster for name, cluster in clusters if name == group)
            if counted:
                largest, held = counted.most_common(1)[0]
                yield group, round(held / counted.total(), 4), round(held / sizes[largest], 4)

    def queue(self, rounds: int) -> list[float]:
        return [
            self._timed(lambda: queue.lines(self.reader, queue.Chosen(), clock.now())) for _ in range(rounds)
        ]

    def queue_page(self, rounds: int) -> list[float]:
        """Return the seconds of the queue's first page, as an officer asks for it."""
        client = Client()
        with override_settings(ALLOWED_HOSTS=["testserver"]):
            people.login(client, self.reader)
            return [self._timed(lambda: self._page(client)) for _ in range(rounds)]

    def _page(self, client: Client) -> None:
        answer = client.get(reverse("admin:tips_tip_changelist"))
        if answer.status_code != 200:
            raise RuntimeError(f"the queue answered {answer.status_code}")

    def _timed(self, work: Any) -> float:
        began = time.perf_counter()
        work()
        return time.perf_counter() - began

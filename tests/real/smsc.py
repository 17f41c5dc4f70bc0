"""An operator's SMSC by smpp34, for Kannel to bind to: what it is given, what receipts it sends by script."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import smpp34

from tests.servers import free_port, until

ON_AIR_S = 0.05  # between an answer and its receipt: a phone is never told sooner
WHEN = "submit date:2611220900 done date:2611220901"
REFUSED = {"03": 0x0B}  # no such destination


@dataclass
class Smsc:
    """Answers and reports by the last two digits of a number, the same for each part of a message.

    01 delivered · 02 undeliverable · 03 no such number · 05 on its way, then delivered · 06 the receipt
    before the answer · 07 delivered, told twice · 08 refused by the network · 09 expired · 10 told in
    reverse: delivered, then on its way.
    """

    port: int
    got: list[smpp34.SubmitSmEvent] = field(default_factory=list)
    bound: dict[str, smpp34.Esme] = field(default_factory=dict)
    telling: set[asyncio.Task[None]] = field(default_factory=set)

    def parts(self, to: str) -> list[smpp34.SubmitSmEvent]:
        """What came for a number, in order."""
        return [one for one in list(self.got) if one.destination_addr.endswith(to[-9:])]

    def wait_for_bind(self) -> None:
        until(lambda: bool(self.bound), "Kannel binding", 10)

    async def serve(self, ready: threading.Event) -> None:
        server = smpp34.Server("127.0.0.1", self.port, system_id="air")
        await server.start()
        ready.set()
        while True:
            event = await server.next()
            if isinstance(event, smpp34.Esme):
                self.bound[event.session_id] = event
            elif isinstance(event, smpp34.SubmitSmEvent):
                await self._take(event)

    async def write(self, sender: str, words: str, to: str = "5151") -> None:
        """A phone writes: Arabic as data_coding 8, else the SMSC's own alphabet."""
        wide = not words.isascii()
        given = words.encode("utf-16-be") if wide else words.encode()
        esme = next(iter(self.bound.values()))
        await esme.deliver_sm(
            to, given, source_addr=sender, source_addr_ton=1, source_addr_npi=1, dest_addr_ton=0,
            data_coding=8 if wide else 0,
        )  # fmt: skip

    async def _take(self, event: smpp34.SubmitSmEvent) -> None:
        self.got.append(event)
        fate, name = event.destination_addr[-2:], f"{len(self.got):08x}"
        if fate in REFUSED:
            event.reject(REFUSED[fate])
            return
        if fate == "06":
            await self._report(event, name, "DELIVRD")
        event.accept(name)
        if event.registered_delivery:
            task = asyncio.get_running_loop().create_task(self._tell(event, name, self._stats(fate)))
            self.telling.add(task)
            task.add_done_callback(self.telling.discard)

    async def _tell(self, event: smpp34.SubmitSmEvent, name: str, stats: tuple[str, ...]) -> None:
        for stat in stats:
            await asyncio.sleep(ON_AIR_S)
            await self._report(event, name, stat)

    def _stats(self, fate: str) -> tuple[str, ...]:
        told = {
            "01": ("DELIVRD",),
            "02": ("UNDELIV",),
            "05": ("ACCEPTD", "DELIVRD"),
            "07": ("DELIVRD", "DELIVRD"),
            "08": ("REJECTD",),
            "09": ("EXPIRED",),
            "10": ("DELIVRD", "ENROUTE"),
        }
        return told.get(fate, ())

    async def _report(self, event: smpp34.SubmitSmEvent, name: str, stat: str) -> None:
        arrived = "001" if stat == "DELIVRD" else "000"
        words = f"id:{name} sub:001 dlvrd:{arrived} {WHEN} stat:{stat} err:000 text:"
        await self.bound[event.session_id].deliver_sm(
            event.source_addr, words.encode(), source_addr=event.destination_addr, esm_class=4,
            source_addr_ton=event.dest_addr_ton, source_addr_npi=event.dest_addr_npi,
            dest_addr_ton=event.source_addr_ton, dest_addr_npi=event.source_addr_npi,
        )  # fmt: skip


@contextmanager
def smsc() -> Iterator[tuple[Smsc, Callable[[Awaitable[None]], None]]]:
    """Run one on a port of its own; yields it, and what runs a coroutine of its where it lives."""
    loop, air, ready = asyncio.new_event_loop(), Smsc(free_port()), threading.Event()

    def live() -> None:
        asyncio.set_event_loop(loop)
        serving = loop.create_task(air.serve(ready))
        loop.run_forever()
        serving.cancel()

    thread = threading.Thread(target=live, daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield air, lambda act: asyncio.run_coroutine_threadsafe(_awaited(act), loop).result(10)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)


async def _awaited(act: Awaitable[None]) -> None:
    await act

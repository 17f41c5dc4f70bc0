"""The simulated WhatsApp's side of a connection: as every gateway's, and slow when asked."""

import asyncio

from notifier.simulators.server import Answered, Asked, Fault, HttpProtocol
from notifier.simulators.whatsapp import WhatsAppGateway


class SlowProtocol(HttpProtocol):
    """Answers after the gateway's `slow_s`; a client that asks again meanwhile waits in turn."""

    def __init__(self, gateway: WhatsAppGateway) -> None:
        super().__init__(gateway.handle)
        self.gateway = gateway

    def _answer(self, asked: Asked, answered: Answered | Fault) -> None:
        if not self.gateway.faults.slow_s or asked.path.startswith("/_sim/"):
            super()._answer(asked, answered)
            return
        wait_s = self.gateway.faults.slow_s
        asyncio.get_running_loop().call_later(wait_s, self._answer_late, asked, answered)

    def _answer_late(self, asked: Asked, answered: Answered | Fault) -> None:
        if self.transport is not None and not self.transport.is_closing():
            super()._answer(asked, answered)

"""The simulated Twilio's side of a connection: slow when asked, and so many requests at once."""

import asyncio

from notifier.simulators.server import Answered, Asked, Fault, HttpProtocol
from notifier.simulators.twilio import TwilioGateway


class TwilioProtocol(HttpProtocol):
    """Answers after the gateway's `slow_s`, and counts what is not answered yet against the account."""

    def __init__(self, gateway: TwilioGateway) -> None:
        super().__init__(gateway.handle)
        self.gateway = gateway
        self.open = 0

    def connection_lost(self, exc: Exception | None) -> None:
        """What hung here hangs no more."""
        self.gateway.open -= self.open
        self.open = 0
        super().connection_lost(exc)

    def _answer(self, asked: Asked, answered: Answered | Fault) -> None:
        slow_s = self.gateway.slow_s
        if answered is not Fault.HANG and (not slow_s or asked.path.startswith("/_sim/")):
            super()._answer(asked, answered)
            return
        self.open += 1
        self.gateway.open += 1
        if answered is Fault.HANG:
            super()._answer(asked, answered)
        else:
            asyncio.get_running_loop().call_later(slow_s, self._late, asked, answered)

    def _late(self, asked: Asked, answered: Answered | Fault) -> None:
        if self.transport is None or self.transport.is_closing():
            return
        self.open -= 1
        self.gateway.open -= 1
        super()._answer(asked, answered)

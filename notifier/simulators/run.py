"""All simulators in one process and one event loop: in front for a command, in a thread for tests."""

import asyncio
import signal
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from aiosmtpd.smtp import SMTP

from notifier.simulators import page, say
from notifier.simulators.apprise import StaffRooms
from notifier.simulators.caller import Caller
from notifier.simulators.cap_partner import CapAccount, CapPartners
from notifier.simulators.graph import GraphGateway, PageAccount
from notifier.simulators.instagram import InstagramAccount, InstagramGateway
from notifier.simulators.modes import Meter
from notifier.simulators.record import Recorder
from notifier.simulators.seen import Gateway
from notifier.simulators.server import Answered, Asked, Fault, HttpProtocol
from notifier.simulators.sms import SmsAccount, SmsGateway
from notifier.simulators.smtp import MailServer
from notifier.simulators.twilio import TwilioAccount, TwilioGateway
from notifier.simulators.twilio_server import TwilioProtocol
from notifier.simulators.webpush import PushAccount, PushGateway
from notifier.simulators.whatsapp import WhatsAppAccount, WhatsAppGateway
from notifier.simulators.whatsapp_limits import Limits
from notifier.simulators.whatsapp_server import SlowProtocol

FLUSH_S = 0.1
STOP_S = 10.0


@dataclass(frozen=True, slots=True)
class Plan:
    """Which ports (0: a free one), whose accounts, under which names, how strict. Nothing is kept of `unused`
    aliases, which the deployment lacks.

    `contract_rates` keeps a first week's limits: 30 SMS parts a second, 421 after 500 mails in a session, 5
    Graph calls a second. WhatsApp keeps its own always, unless `whatsapp_limits` says otherwise.
    """

    out: Path | None = None
    host: str = "127.0.0.1"
    sms_port: int = 0
    smtp_port: int = 0
    graph_port: int = 0
    whatsapp_port: int = 0
    sms: SmsAccount = field(default_factory=SmsAccount)
    page: PageAccount = field(default_factory=PageAccount)
    whatsapp: WhatsAppAccount = field(default_factory=WhatsAppAccount)
    whatsapp_limits: Limits | None = None
    whatsapp_alias: str = "whatsapp"
    twilio_port: int = 0
    twilio: TwilioAccount = field(default_factory=TwilioAccount)
    twilio_alias: str = "twilio"
    instagram_port: int = 0
    instagram: InstagramAccount = field(default_factory=InstagramAccount)
    instagram_alias: str = "instagram"
    webpush_port: int = 0
    webpush: PushAccount = field(default_factory=PushAccount)
    webpush_alias: str = "webpush"
    cap_port: int = 0
    cap: CapAccount = field(default_factory=CapAccount)
    cap_alias: str = "cap_partner"
    apprise_port: int = 0
    apprise_alias: str = "apprise"
    messenger_alias: str = "messenger"
    email_hook: str = ""  # where a mail server brings mail
    aliases: tuple[str, str, str] = ("sms", "email", "facebook")
    unused: tuple[str, ...] = ()
    contract_rates: bool = False
    duplicates: bool = False
    disorder: bool = False


class Simulators:
    """The gateways, once start() has given them ports."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        strict = plan.contract_rates
        self.recorders = [self._recorder(alias) for alias in plan.aliases]
        self.caller = Caller(duplicates=plan.duplicates, disorder=plan.disorder)
        sms, email, facebook = self.recorders
        self.sms = SmsGateway(plan.sms, sms, self.caller, Meter(30.0 if strict else None))
        self.smtp = MailServer(email, Meter(), per_session=500 if strict else None)
        apps = (plan.whatsapp_alias, plan.twilio_alias, plan.instagram_alias, plan.webpush_alias)
        others = (*apps, plan.cap_alias, plan.apprise_alias, plan.messenger_alias)
        self.others = [self._recorder(alias) for alias in others]
        whatsapp, twilio, instagram, webpush, cap, apprise, inbox = self.others
        calls = Meter(5.0 if strict else None)
        self.graph = GraphGateway(plan.page, facebook, self.caller, calls, inbox)
        self.whatsapp = WhatsAppGateway(plan.whatsapp, whatsapp, self.caller, plan.whatsapp_limits)
        self.twilio = TwilioGateway(plan.twilio, twilio, self.caller)
        self.instagram = InstagramGateway(plan.instagram, instagram, self.caller)
        self.webpush = PushGateway(plan.webpush, webpush, Meter())
        self.cap = CapPartners(plan.cap, cap, self.caller, Meter())
        self.apprise = StaffRooms(apprise)
        self.mailbox = say.Mailbox(plan.email_hook, self.caller)
        self.ports: dict[str, int] = {}
        self._servers: list[asyncio.Server] = []
        self._sessions: weakref.WeakSet[HttpProtocol | SMTP] = weakref.WeakSet()
        self._flusher: asyncio.Task[None] | None = None

    @property
    def sms_url(self) -> str:
        """Where sendsms listens."""
        return f"http://{self.plan.host}:{self.ports['sms']}/cgi-bin/sendsms"

    @property
    def graph_url(self) -> str:
        """The base_url of the Graph API."""
        return f"http://{self.plan.host}:{self.ports['graph']}"

    @property
    def whatsapp_url(self) -> str:
        """The base_url of WhatsApp's Cloud API."""
        return f"http://{self.plan.host}:{self.ports['whatsapp']}"

    @property
    def twilio_url(self) -> str:
        """The base_url of Twilio's API."""
        return f"http://{self.plan.host}:{self.ports['twilio']}"

    @property
    def webpush_url(self) -> str:
        """The gateway_url of Web Push."""
        return f"http://{self.plan.host}:{self.ports['webpush']}"

    @property
    def cap_url(self) -> str:
        """Where partners take CAP; a partner's name follows."""
        return f"http://{self.plan.host}:{self.ports['cap']}/cap"

    @property
    def instagram_url(self) -> str:
        """The base_url of Instagram's Graph API."""
        return f"http://{self.plan.host}:{self.ports['instagram']}"

    @property
    def apprise_url(self) -> str:
        """An Apprise URL; a room's name follows."""
        return f"json://{self.plan.host}:{self.ports['apprise']}"

    @property
    def page_url(self) -> str:
        """What the public received, for eyes."""
        return f"http://{self.plan.host}:{self.ports['sms']}/"

    def _recorder(self, alias: str) -> Recorder:
        return Recorder(None if alias in self.plan.unused else self.plan.out, alias)

    async def start(self) -> None:
        """Listen. Raise OSError when a port is taken."""
        self.caller.start()
        self._flusher = asyncio.ensure_future(self._flush())
        await self._listen("sms", self.plan.sms_port, lambda: HttpProtocol(self._sms_or_page))
        await self._listen("smtp", self.plan.smtp_port, self.smtp.session)
        await self._listen("graph", self.plan.graph_port, lambda: HttpProtocol(self.graph.handle))
        await self._listen("whatsapp", self.plan.whatsapp_port, lambda: SlowProtocol(self.whatsapp))
        await self._listen("twilio", self.plan.twilio_port, lambda: TwilioProtocol(self.twilio))
        await self._listen("instagram", self.plan.instagram_port, lambda: HttpProtocol(self.instagram.handle))
        await self._listen("webpush", self.plan.webpush_port, lambda: HttpProtocol(self.webpush.handle))
        await self._listen("cap", self.plan.cap_port, lambda: HttpProtocol(self.cap.handle))
        await self._listen("apprise", self.plan.apprise_port, lambda: HttpProtocol(self.apprise.handle))

    async def stop(self) -> None:
        """Stop listening, drop what was to be called back, write the last lines."""
        for server in self._servers:
            server.close()
        for session in self._sessions:
            if isinstance(session.transport, asyncio.WriteTransport):
                session.transport.abort()
        await self.caller.stop()
        if self._flusher is not None:
            self._flusher.cancel()
            with suppress(asyncio.CancelledError):
                await self._flusher
        for recorder in (*self.recorders, *self.others):
            recorder.close()

    async def _listen(self, name: str, port: int, session: Callable[[], HttpProtocol | SMTP]) -> None:
        def kept() -> HttpProtocol | SMTP:
            made = session()
            self._sessions.add(made)  # a closed server leaves its connections open
            return made

        server = await asyncio.get_running_loop().create_server(kept, self.plan.host, port, backlog=1024)
        self._servers.append(server)
        self.ports[name] = server.sockets[0].getsockname()[1]

    async def _flush(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_S)
            for recorder in (*self.recorders, *self.others):
                recorder.flush()

    def _sms_or_page(self, asked: Asked) -> Answered | Fault:
        shown = say.answer(asked, self) or page.answer(asked, self._seen())
        return shown or self.sms.handle(asked)

    def _seen(self) -> list[Gateway]:
        sms, email, facebook = self.recorders
        whatsapp, twilio, instagram, webpush, cap, apprise, inbox = self.others
        return [
            Gateway("sms", sms),
            Gateway("sms", twilio),
            Gateway("whatsapp", whatsapp, self.whatsapp_url),
            Gateway("messenger", inbox),
            Gateway("push", webpush),
            Gateway("facebook", facebook, self.graph_url),
            Gateway("instagram", instagram, self.instagram_url),
            Gateway("email", email),
            Gateway("cap", cap),
            Gateway("staff", apprise),
        ]


def serve(plan: Plan, started: Callable[[Simulators], None]) -> None:
    """Run until SIGINT or SIGTERM; `started` is told once everything listens."""
    asyncio.run(_serve(plan, started))


async def _serve(plan: Plan, started: Callable[[Simulators], None]) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    simulators = Simulators(plan)
    try:
        await simulators.start()
        started(simulators)
        await ended.wait()
    finally:
        await simulators.stop()


@contextmanager
def running(plan: Plan | None = None) -> Iterator[Simulators]:
    """All simulators in a thread, for the length of the block. A taken port raises OSError."""
    simulators = Simulators(plan or Plan())
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="simulators", daemon=True)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(simulators.start(), loop).result(STOP_S)
        yield simulators
    finally:
        asyncio.run_coroutine_threadsafe(_ended(simulators), loop).result(STOP_S)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(STOP_S)
        loop.close()


async def _ended(simulators: Simulators) -> None:
    await simulators.stop()
    sessions = asyncio.all_tasks() - {asyncio.current_task()}
    for session in sessions:
        session.cancel()
    await asyncio.gather(*sessions, return_exceptions=True)

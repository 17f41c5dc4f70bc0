"""`manage.py simulate`: the gateways on this machine, until Ctrl-C."""

from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from notifier import registry
from notifier.simulators.cap_partner import CapAccount
from notifier.simulators.graph import PageAccount
from notifier.simulators.instagram import InstagramAccount
from notifier.simulators.run import Plan, Simulators, serve
from notifier.simulators.sms import SmsAccount
from notifier.simulators.twilio import TwilioAccount
from notifier.simulators.whatsapp import WhatsAppAccount
from notifier.simulators.whatsapp_limits import Limits


class Command(BaseCommand):
    help = "Run the simulated gateways of every channel and show what the public receives."

    def add_arguments(self, parser: ArgumentParser) -> None:
        ports = settings.SIMULATOR_PORTS
        parser.add_argument("--out", type=Path, help="Folder for received/ and refused/ (default: none kept)")
        for name in ("sms", "smtp", "graph"):
            parser.add_argument(f"--{name}", type=int, default=ports.get(name, 0), metavar="PORT")
        for name in ("whatsapp", "twilio", "instagram", "webpush", "cap"):  # None: where SIMULATOR looks
            parser.add_argument(f"--{name}", type=int, default=None, metavar="PORT")
        parser.add_argument("--hooks", default=settings.HOOKS_URL, metavar="URL", help="Where /hooks/ is")
        parser.add_argument(
            "--rates", choices=("fast", "contract"), default="fast", help="Lift limits, or not"
        )
        parser.add_argument("--duplicates", action="store_true", help="Call back twice")
        parser.add_argument("--disorder", action="store_true", help="Call back in any order")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            serve(_plan(options), self._say)
        except OSError as error:
            raise CommandError(f"A port cannot be used: {error.strerror}. See docs/channels.md") from error

    def _say(self, running: Simulators) -> None:
        host, ports = running.plan.host, running.ports
        self.stdout.write(f"SMS gateway     {running.sms_url}")
        self.stdout.write(f"Mail server     {host}:{ports['smtp']}")
        self.stdout.write(f"Graph API       {running.graph_url}")
        self.stdout.write(f"WhatsApp        {running.whatsapp_url}")
        self.stdout.write(f"Twilio          {running.twilio_url}")
        self.stdout.write(f"Instagram       {running.instagram_url}")
        self.stdout.write(f"Push service    {running.webpush_url}")
        self.stdout.write(f"CAP partners    {running.cap_url}")
        self.stdout.write(f"What the public received   {running.page_url}")
        self.stdout.write(f"Write as the public        {running.page_url}fr/say/")
        self.stdout.flush()


def _plan(options: dict[str, Any]) -> Plan:
    sms, _told = _spoken_by("KannelBackend", "sms")
    email, facebook = (_first_alias(channel) for channel in ("email", "facebook"))
    sms_options, page_options = _simulated(sms), _simulated(facebook)
    hooks, strict = options["hooks"].rstrip("/"), options["rates"] == "contract"
    plan = Plan(
        out=options["out"],
        sms_port=options["sms"],
        smtp_port=options["smtp"],
        graph_port=options["graph"],
        sms=SmsAccount(sms_options["username"], sms_options["password"], _hook(hooks, sms)),
        page=PageAccount(
            page_options["page_id"],
            page_options["access_token"],
            page_options["app_secret"],
            _hook(hooks, facebook),
        ),
        aliases=(sms, email, facebook),
        email_hook=_hook(hooks, email),
        messenger_alias=_first_alias("messenger"),
        **_whatsapp(options["whatsapp"], hooks, strict=strict),
        **_twilio(options["twilio"], hooks, strict=strict),
        **_instagram(options["instagram"], hooks),
        **_webpush(options["webpush"]),
        **_cap(options["cap"], hooks),
        contract_rates=strict,
        duplicates=options["duplicates"],
        disorder=options["disorder"],
    )
    return replace(plan, unused=tuple(name for name in _named(plan) if name not in settings.NOTIFIER))


def _named(plan: Plan) -> tuple[str, ...]:
    others = (plan.whatsapp_alias, plan.twilio_alias, plan.instagram_alias, plan.webpush_alias)
    return (*plan.aliases, *others, plan.cap_alias, plan.apprise_alias, plan.messenger_alias)


def _whatsapp(port: int | None, hooks: str, *, strict: bool) -> dict[str, Any]:
    """WhatsApp's part of the plan: where the alias's SIMULATOR looks for it, else any free port."""
    alias = _first_alias("whatsapp")
    told = settings.NOTIFIER.get(alias, {}).get("SIMULATOR", {})
    names = ("phone_number_id", "waba_id", "access_token", "app_secret")
    account = {name: str(told[name]) for name in names if name in told}
    return {
        "whatsapp": WhatsAppAccount(**account, hook_url=_hook(hooks, alias)),
        "whatsapp_port": _port(told.get("base_url", ""), port),
        "whatsapp_alias": alias,
        "whatsapp_limits": None if strict else Limits(per_second=None, pair_burst=None, people_per_day=None),
    }


def _twilio(port: int | None, hooks: str, *, strict: bool) -> dict[str, Any]:
    """Twilio's part of the plan; its alias is one of several that may say SMS."""
    alias, told = _spoken_by("TwilioBackend", "twilio")
    account: dict[str, Any] = {name: told[name] for name in ("account_sid", "auth_token") if told.get(name)}
    senders = (*TwilioAccount().senders, str(told.get("sender", "")))
    rate = TwilioAccount().per_second if strict else None
    return {
        "twilio": TwilioAccount(**account, senders=senders, hook_url=_hook(hooks, alias), per_second=rate),
        "twilio_port": _port(told.get("base_url", ""), port),
        "twilio_alias": alias,
    }


def _instagram(port: int | None, hooks: str) -> dict[str, Any]:
    alias, told = _spoken_by("InstagramBackend", "instagram")
    account: dict[str, Any] = {name: told[name] for name in ("access_token", "app_secret") if told.get(name)}
    owner = str(told.get("ig_user_id") or InstagramAccount().page_id)
    return {
        "instagram": InstagramAccount(page_id=owner, **account, hook_url=_hook(hooks, alias)),
        "instagram_port": _port(told.get("base_url", ""), port),
        "instagram_alias": alias,
    }


def _webpush(port: int | None) -> dict[str, Any]:
    alias, told = _spoken_by("WebPushBackend", "webpush")
    return {"webpush_port": _port(told.get("gateway_url", ""), port), "webpush_alias": alias}


def _cap(port: int | None, hooks: str) -> dict[str, Any]:
    """The CAP partners' part of the plan: they share one secret."""
    alias, told = _spoken_by("CapPartnerBackend", "cap_partner")
    first: dict[str, str] = next(iter(told.get("partners", {}).values()), {})
    secret = str(first.get("secret", CapAccount().secret))
    return {
        "cap": CapAccount(secret=secret, hook_url=_hook(hooks, alias)),
        "cap_port": _port(first.get("url", ""), port),
        "cap_alias": alias,
    }


def _port(url: str, given: int | None) -> int:
    """The port that was asked for, else the one a SIMULATOR's address names, else any free one."""
    return (urlsplit(url).port or 0) if given is None else given


def _spoken_by(backend: str, otherwise: str) -> tuple[str, dict[str, Any]]:
    """The first alias of a backend's class and its SIMULATOR's options; `otherwise` when there is none."""
    for alias, entry in settings.NOTIFIER.items():
        if entry.get("BACKEND", "").endswith(f".{backend}"):
            return alias, entry.get("SIMULATOR", {})
    return otherwise, {}


def _first_alias(channel: str) -> str:
    """The alias the gateway is named after; the channel's own name when the deployment has none."""
    return next(iter(registry.aliases_for(channel)), channel)


def _simulated(alias: str) -> dict[str, Any]:
    known = dict.fromkeys(("username", "password", "access_token", "app_secret", "page_id"), "simulated")
    return {**known, **(settings.NOTIFIER.get(alias, {}).get("SIMULATOR", {}))}


def _hook(hooks: str, alias: str) -> str:
    token = settings.HOOK_TOKENS.get(alias)
    return f"{hooks}/hooks/{alias}/{token}/" if token else ""

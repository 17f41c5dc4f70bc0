"""`manage.py simulate`: the gateways on this machine, until Ctrl-C."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from notifier import registry
from notifier.simulators.graph import PageAccount
from notifier.simulators.run import Plan, Simulators, serve
from notifier.simulators.sms import SmsAccount
from notifier.simulators.whatsapp import WhatsAppAccount


class Command(BaseCommand):
    help = "Run the simulated gateways (SMS, mail, Facebook Page) and show what the public receives."

    def add_arguments(self, parser: ArgumentParser) -> None:
        ports = settings.SIMULATOR_PORTS
        parser.add_argument("--out", type=Path, help="Folder for received/ and refused/ (default: none kept)")
        for name in ("sms", "smtp", "graph"):
            parser.add_argument(f"--{name}", type=int, default=ports[name], metavar="PORT")
        parser.add_argument("--whatsapp", type=int, default=None, metavar="PORT")
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
        self.stdout.write(f"What the public received   {running.page_url}")
        self.stdout.flush()


def _plan(options: dict[str, Any]) -> Plan:
    sms, email, facebook = (_first_alias(channel) for channel in ("sms", "email", "facebook"))
    sms_options, page_options = _simulated(sms), _simulated(facebook)
    hooks = options["hooks"].rstrip("/")
    return Plan(
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
        **_whatsapp(options["whatsapp"], hooks),
        contract_rates=options["rates"] == "contract",
        duplicates=options["duplicates"],
        disorder=options["disorder"],
    )


def _whatsapp(port: int | None, hooks: str) -> dict[str, Any]:
    """WhatsApp's part of the plan: where the alias's SIMULATOR looks for it, else any free port."""
    alias = _first_alias("whatsapp")
    told = settings.NOTIFIER.get(alias, {}).get("SIMULATOR", {})
    names = ("phone_number_id", "waba_id", "access_token", "app_secret")
    account = {name: str(told[name]) for name in names if name in told}
    return {
        "whatsapp": WhatsAppAccount(**account, hook_url=_hook(hooks, alias)),
        "whatsapp_port": (urlsplit(told.get("base_url", "")).port or 0) if port is None else port,
        "whatsapp_alias": alias,
    }


def _first_alias(channel: str) -> str:
    """The alias the gateway is named after; the channel's own name when the deployment has none."""
    return next(iter(registry.aliases_for(channel)), channel)


def _simulated(alias: str) -> dict[str, Any]:
    known = dict.fromkeys(("username", "password", "access_token", "app_secret", "page_id"), "simulated")
    return {**known, **(settings.NOTIFIER.get(alias, {}).get("SIMULATOR", {}))}


def _hook(hooks: str, alias: str) -> str:
    token = settings.HOOK_TOKENS.get(alias)
    return f"{hooks}/hooks/{alias}/{token}/" if token else ""

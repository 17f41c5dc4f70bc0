"""The gateways a deployment may have, by alias: what each is given, what stands in for it, what it lacks.

NOTIFIER is made of those that GATEWAYS names, in its order. Whatever is not in the environment has a default
under which the simulator works; `missing()` says what the real gateway still needs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from project.env import env

Entry = dict[str, Any]
SIMULATED = "simulated"
META = "https://graph.facebook.com"
TWILIO = "https://api.twilio.com"


@dataclass(frozen=True)
class Around:
    """Hold what of the deployment a gateway is told; `strict`: simulators keep a first week's limits."""

    site_name: str
    public_url: str
    sender: str
    media_url: str
    hook_url: Callable[[str], str]
    push_key: Callable[[], str]  # made at first use, and kept
    strict: bool


@dataclass(frozen=True)
class Gateway:
    """Hold how an entry of NOTIFIER is made, which settings it cannot go without, its simulator's port."""

    make: Callable[[Around], Entry]
    needs: tuple[str, ...]
    port: str
    simulator: str  # what notifier.simulators calls it


def entries(names: list[str], around: Around) -> dict[str, Entry]:
    """Return NOTIFIER; raise KeyError(name) for a gateway that is none."""
    made = {name: GATEWAYS[name].make(around) for name in names}
    for name, entry in made.items():
        entry["OPTIONS"] |= env("GATEWAY_OPTIONS").get(name, {})
    return made


def ports(names: list[str]) -> dict[str, int]:
    """Return the port of each simulator that is needed; what the public received is shown at that of SMS."""
    return {one.simulator: env(one.port) for name, one in GATEWAYS.items() if name in {"sms", *names}}


def missing(name: str) -> list[str]:
    """Return the settings that are empty and that the real gateway cannot go without; "A or B" is either."""
    return [wanted for wanted in GATEWAYS[name].needs if not any(env(one) for one in wanted.split(" or "))]


def _here(port: str, path: str = "") -> str:
    return f"http://127.0.0.1:{env(port)}{path}"


def _limits(around: Around, **limits: float) -> Mapping[str, float]:
    """Return a first contract's limits where simulators keep to it (docs/channels.md)."""
    return limits if around.strict else {}


def _sms(around: Around) -> Entry:
    return {
        "BACKEND": "notifier.backends.kannel.KannelBackend",
        "CHANNEL": "sms",
        "OPTIONS": {
            "url": env("SMS_URL"),
            "username": env("SMS_USERNAME"),
            "password": env("SMS_PASSWORD"),
            "sender": around.sender,
            "method": env("SMS_METHOD"),
            "home_prefix": env("SMS_HOME_PREFIX"),
            "dlr_mask": 19,  # delivered, failed, rejected; the answer itself already says accepted
            "hook_url": around.hook_url("sms"),
        },
        "SIMULATOR": {
            "url": _here("SIMULATOR_SMS_PORT", "/cgi-bin/sendsms"),
            "username": SIMULATED,
            "password": SIMULATED,
            "method": "get",
            **_limits(around, per_second=30),
        },
    }


def _twilio(around: Around) -> Entry:
    return {
        "BACKEND": "notifier.backends.twilio.TwilioBackend",
        "CHANNEL": "sms",
        "OPTIONS": {
            "account_sid": env("TWILIO_ACCOUNT_SID"),
            "auth_token": env("TWILIO_AUTH_TOKEN"),
            "api_key": env("TWILIO_API_KEY"),
            "api_secret": env("TWILIO_API_SECRET"),
            "sender": env("TWILIO_SENDER") or around.sender,
            "messaging_service_sid": env("TWILIO_MESSAGING_SERVICE_SID"),
            "home_prefix": env("TWILIO_HOME_PREFIX"),
            "per_second": env("TWILIO_PER_SECOND"),
            "base_url": TWILIO,
        },
        "SIMULATOR": {
            "account_sid": "AC00000000000000000000000000005151",
            "auth_token": SIMULATED,
            "api_key": "",
            "api_secret": "",
            "sender": "NAJDA",
            "messaging_service_sid": "",
            "base_url": _here("SIMULATOR_TWILIO_PORT"),
            **_limits(around, per_second=30),
        },
    }


def _email(around: Around) -> Entry:
    return {
        "BACKEND": "notifier.backends.email.EmailBackend",
        "CHANNEL": "email",
        "OPTIONS": {
            "host": env("SMTP_HOST"),
            "port": env("SMTP_PORT"),
            "username": env("SMTP_USERNAME"),
            "password": env("SMTP_PASSWORD"),
            "use_tls": env("SMTP_USE_TLS"),
            "from_address": env("MAIL_FROM"),
            "from_name": around.site_name,
            "return_path": env("MAIL_BOUNCES"),
            "leave_address": env("MAIL_LEAVE"),
            "list_help": f"{around.public_url}/privacy/",
            "list_subscribe": f"{around.public_url}/subscribe/",
            "hook_url": around.hook_url("email"),
        },
        "SIMULATOR": {
            "host": "127.0.0.1",
            "port": env("SIMULATOR_SMTP_PORT"),
            "username": "",
            "password": "",
            "use_tls": False,
        },
    }


def _facebook(_around: Around) -> Entry:
    return {
        "BACKEND": "notifier.backends.facebook.FacebookBackend",
        "CHANNEL": "facebook",
        "OPTIONS": {"page_id": env("FACEBOOK_PAGE_ID"), **_meta("FACEBOOK")},
        "SIMULATOR": {"page_id": "100200300400500", **_simulated_meta("SIMULATOR_GRAPH_PORT")},
    }


def _messenger(_around: Around) -> Entry:
    """Return the Page's inbox: the Page's own account, on which whoever wrote to it is answered."""
    return {
        "BACKEND": "notifier.backends.messenger.MessengerBackend",
        "CHANNEL": "messenger",
        "OPTIONS": {
            "page_id": env("FACEBOOK_PAGE_ID"),
            "human_agent": env("MESSENGER_HUMAN_AGENT"),
            **_meta("FACEBOOK"),
        },
        "SIMULATOR": {"page_id": "100200300400500", **_simulated_meta("SIMULATOR_GRAPH_PORT")},
    }


def _instagram(around: Around) -> Entry:
    return {
        "BACKEND": "notifier.backends.instagram.InstagramBackend",
        "CHANNEL": "instagram",
        "OPTIONS": {
            "ig_user_id": env("INSTAGRAM_USER_ID"),
            "media_url": around.media_url,
            **_meta("INSTAGRAM"),
        },
        "SIMULATOR": {"ig_user_id": "17841400000000001", **_simulated_meta("SIMULATOR_INSTAGRAM_PORT")},
    }


def _whatsapp(around: Around) -> Entry:
    approved = env("WHATSAPP_TEMPLATES")
    return {
        "BACKEND": "notifier.backends.whatsapp.WhatsAppBackend",
        "CHANNEL": "whatsapp",
        "OPTIONS": {
            "phone_number_id": env("WHATSAPP_PHONE_NUMBER_ID"),
            "number": env("WHATSAPP_NUMBER"),
            "waba_id": env("WHATSAPP_WABA_ID"),
            "media_url": around.media_url,
            "template_states": "approved" if approved == ["all"] else dict.fromkeys(approved, "approved"),
            "per_day": env("WHATSAPP_PEOPLE_A_DAY"),
            "falls_to": env("WHATSAPP_FALLS_TO"),
            **_meta("WHATSAPP"),
        },
        "SIMULATOR": {
            "phone_number_id": "106540352242922",
            "number": "+212500000000",
            "waba_id": "102290129340398",
            "template_states": "approved",
            **_simulated_meta("SIMULATOR_WHATSAPP_PORT"),
            **_limits(around, per_second=80, per_day=250),
        },
    }


def _webpush(around: Around) -> Entry:
    key = env("WEBPUSH_PRIVATE_KEY") or around.push_key()
    return {
        "BACKEND": "notifier.backends.webpush.WebPushBackend",
        "CHANNEL": "webpush",
        "OPTIONS": {
            "vapid_private_key": key,
            "vapid_subject": env("WEBPUSH_SUBJECT") or f"mailto:{env('MAIL_FROM')}",
        },
        # The same key: a browser that subscribes while sending is off is to be reached once it is on.
        "SIMULATOR": {"vapid_private_key": key, "gateway_url": _here("SIMULATOR_WEBPUSH_PORT")},
    }


def _cap_partner(_around: Around) -> Entry:
    invented = {
        name: {"url": _here("SIMULATOR_CAP_PORT", f"/cap/{name}"), "secret": SIMULATED}
        for name in ("radio", "cell-broadcast")
    }
    return {
        "BACKEND": "notifier.backends.cap_partner.CapPartnerBackend",
        "CHANNEL": "cap_partner",
        "OPTIONS": {"partners": env("CAP_PARTNERS")},
        "SIMULATOR": {"partners": invented},
    }


def _meta(prefix: str) -> Entry:
    return {
        "access_token": env(f"{prefix}_ACCESS_TOKEN"),
        "app_secret": env(f"{prefix}_APP_SECRET"),
        "verify_token": env(f"{prefix}_VERIFY_TOKEN"),
        "api_version": env("GRAPH_VERSION"),
        "base_url": META,
    }


def _simulated_meta(port: str) -> Entry:
    told = dict.fromkeys(("access_token", "app_secret", "verify_token"), SIMULATED)
    return {**told, "base_url": _here(port)}


def _tokens(prefix: str) -> tuple[str, ...]:
    return tuple(f"{prefix}_{name}" for name in ("ACCESS_TOKEN", "APP_SECRET", "VERIFY_TOKEN"))


GATEWAYS: dict[str, Gateway] = {
    "sms": Gateway(_sms, ("SMS_URL", "SMS_USERNAME", "SMS_PASSWORD"), "SIMULATOR_SMS_PORT", "sms"),
    "twilio": Gateway(
        _twilio, ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"), "SIMULATOR_TWILIO_PORT", "twilio"
    ),
    "email": Gateway(_email, ("SMTP_HOST",), "SIMULATOR_SMTP_PORT", "smtp"),
    "facebook": Gateway(
        _facebook, ("FACEBOOK_PAGE_ID", *_tokens("FACEBOOK")), "SIMULATOR_GRAPH_PORT", "graph"
    ),
    "messenger": Gateway(
        _messenger, ("FACEBOOK_PAGE_ID", *_tokens("FACEBOOK")), "SIMULATOR_GRAPH_PORT", "graph"
    ),
    "whatsapp": Gateway(
        _whatsapp,
        ("WHATSAPP_PHONE_NUMBER_ID", "WHATSAPP_WABA_ID", *_tokens("WHATSAPP"), "WHATSAPP_TEMPLATES"),
        "SIMULATOR_WHATSAPP_PORT",
        "whatsapp",
    ),
    "instagram": Gateway(
        _instagram, ("INSTAGRAM_USER_ID", *_tokens("INSTAGRAM")), "SIMULATOR_INSTAGRAM_PORT", "instagram"
    ),
    "webpush": Gateway(_webpush, (), "SIMULATOR_WEBPUSH_PORT", "webpush"),
    "cap_partner": Gateway(_cap_partner, ("CAP_PARTNERS",), "SIMULATOR_CAP_PORT", "cap"),
}

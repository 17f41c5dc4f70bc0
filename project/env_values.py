"""How each kind of value an operator may give is read from text. Raise ValueError with what to write."""

import json
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from geo.pack import ORDERS

TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def boolean(text: str) -> bool:
    word = text.strip().lower()
    if word in TRUE:
        return True
    if word in FALSE:
        return False
    raise ValueError("write true or false")


def words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def paths(text: str) -> list[Path]:
    return [Path(word) for word in words(text)]


def networks(text: str) -> list[IPv4Network | IPv6Network]:
    return [ip_network(word) for word in words(text)]


def counted(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError("write a whole number of at least 1")
    return number


def by_role(text: str) -> dict[str, int]:
    """Read "officer=30,approver=60"."""
    return {role: counted(number) for role, number in (word.split("=") for word in words(text))}


def hours(text: str) -> tuple[int, int]:
    """Read "22-6": from one hour of the day to another."""
    first, last = (int(hour) for hour in text.split("-"))
    if not (0 <= first < 24 and 0 <= last < 24):
        raise ValueError("write two hours of the day, as in 22-6")
    return first, last


def zone(text: str) -> str:
    if text:
        ZoneInfo(text)
    return text


def rates(text: str) -> str:
    if text not in {"fast", "contract"}:
        raise ValueError("write fast or contract")
    return text


def order_rule(text: str) -> str:
    if text not in {"", *ORDERS}:
        raise ValueError("write none, prosecutor or either, or leave it empty")
    return text


# In the order of the docs; project.gateways makes an entry of each.
KNOWN_GATEWAYS = (
    "sms", "twilio", "email", "facebook", "messenger", "instagram", "whatsapp", "webpush", "cap_partner",
)  # fmt: skip


def gateways(text: str) -> list[str]:
    named = list(dict.fromkeys(words(text)))
    unknown = [name for name in named if name not in KNOWN_GATEWAYS]
    if unknown or not named:
        raise ValueError(f"{', '.join(unknown) or 'nothing'} named; known are {', '.join(KNOWN_GATEWAYS)}")
    return named


def by_hand(text: str) -> list[str]:
    named = list(dict.fromkeys(words(text)))
    if not set(named) <= {"relays", "meta_programme"}:
        raise ValueError("write relays, meta_programme, both or nothing")
    return named


def options(text: str) -> dict[str, dict[str, Any]]:
    """Read options of gateways by alias; raise ValueError for anything but an object of objects."""
    found = json.loads(text) if text.strip() else {}
    if not isinstance(found, dict) or not all(isinstance(one, dict) for one in found.values()):
        raise ValueError("an object of objects is wanted")
    return found


def partners(text: str) -> dict[str, dict[str, str]]:
    """Read {"name": {"url": …, "secret": …}} (JSON)."""
    told = json.loads(text) if text.strip() else {}
    if not isinstance(told, dict) or not all(
        isinstance(one, dict) and one.get("url") for one in told.values()
    ):
        raise ValueError('write {"name": {"url": "https://…", "secret": "…"}}')
    return told

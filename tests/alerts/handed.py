"""An alert with relays and Meta's programme, and what was sent to them. All invented."""

from typing import Any
from uuid import uuid4

from alerts import hands, issue
from alerts.fanout import fan_out
from alerts.models import Relay, Version
from cases.models import Case, Consent
from notifier import dispatch
from notifier.backends import locmem
from notifier.message import Message
from tests import people
from tests.alerts import scene, telling
from trust import clock, keys

CHANNELS = ["email", "relays", "meta_programme"]
RABAT = "MA-04"  # Rabat-Salé-Kénitra
FAR = "MA-12"


def relay(name: str = "Radio Atlas", *, region: str = "", **told: Any) -> Relay:
    kept: dict[str, Any] = {
        "languages": ["fr"],
        "kind": "radio",
        "email": f"{name.split()[0].lower()}@radio.example",
    }
    email = {**kept, **told}.pop("email")
    made = Relay(
        name=name, agency=people.agency(), region=region, created_at=clock.now(),
        **{key: value for key, value in {**kept, **told}.items() if key not in ("email", "phone")},
    )  # fmt: skip
    keys.create(made.pk, "relay")
    made.email, made.phone = email, told.get("phone")
    made.save(force_insert=True)
    return made


def a_case(**told: Any) -> Case:
    return scene.case(channels=("web", *CHANNELS), **told)


def live(about: Case | None = None, *, channels: list[str] | None = None) -> Version:
    """Return a signed version that was fanned out and sent."""
    version = scene.signed(about or a_case(), channels=CHANNELS if channels is None else channels)
    send(version)
    return version


def send(version: Version) -> None:
    fan_out(version.pk)
    work()


def work() -> None:
    for channel in ("email", "sms"):
        dispatch.work(channel)


def update(version: Version, **changes: Any) -> Version:
    made = telling.update(version, **changes)
    send(made)
    return made


def end(version: Version) -> None:
    """Stand down, and do what the wake-up after it does."""
    issue.stand_down(version.alert, people.omar(), as_="found", reason="", factor_at=clock.now())
    hands.take_back(version.alert_id)
    work()


def mail(address: str) -> list[Message]:
    return [message for message in locmem.sent.get("email", []) if message.to == address]


def allow_only(about: Case, channel: str, *fields: str) -> None:
    """Have the guardian allow these fields alone on the channel, and everything on the others."""
    given = Consent.objects.get(case=about)
    everywhere = given.channels
    given.channels = [one for one in everywhere if one != channel]
    given.save()
    given.pk, given.fields, given.channels = uuid4(), list(fields), [channel]
    given.save(force_insert=True)

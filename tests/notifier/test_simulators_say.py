"""A person tries every door by the simulators' page, and reads the answer on the phone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from notifier import incoming
from notifier.backends.base import Backend
from notifier.backends.email import EmailBackend
from notifier.backends.kannel import KannelBackend
from notifier.backends.twilio import TwilioBackend
from notifier.message import Inbound, Message, Text
from notifier.simulators.graph import PageAccount
from notifier.simulators.instagram import InstagramAccount
from notifier.simulators.run import Plan, Simulators, running
from notifier.simulators.say import DOORS
from notifier.simulators.sms import SmsAccount
from notifier.simulators.twilio import TwilioAccount
from notifier.simulators.whatsapp import WhatsAppAccount
from tests.notifier.contract import ARABIC, Hooks
from tests.notifier.saying import said_to
from tests.notifier.test_backends_facebook import facebook
from tests.notifier.test_backends_instagram import instagram
from tests.notifier.test_backends_kannel import OPTIONS as KANNEL
from tests.notifier.test_backends_twilio import OPTIONS as TWILIO
from tests.notifier.test_backends_whatsapp import whatsapp

WORDS = "شفت الطفلة فالمحطة"
CLIP = bytes(range(256)) * 40 + b"\r\n\n\r"


@pytest.fixture(scope="module")
def town(hooks: Hooks) -> Iterator[Simulators]:
    """All gateways, each calling back to the same place."""
    plan = Plan(
        sms=SmsAccount(hook_url=hooks.url),
        page=PageAccount(hook_url=hooks.url),
        whatsapp=WhatsAppAccount(hook_url=hooks.url),
        twilio=TwilioAccount(hook_url=hooks.url),
        instagram=InstagramAccount(hook_url=hooks.url),
        email_hook=hooks.url,
    )
    with running(plan) as simulators:
        facebook(simulators.graph_url).send([Message("p", texts={"ar": ARABIC})])
        yield simulators


def reader(town: Simulators, by: str) -> Backend:
    """Who reads what comes by a door."""
    gateway = DOORS[by].gateway
    if gateway == "whatsapp":
        return whatsapp(town.whatsapp_url)
    if gateway == "graph":
        return facebook(town.graph_url)
    if gateway == "instagram":
        return instagram(town.instagram_url, "http://m.invalid/", Path())
    if gateway == "twilio":
        return TwilioBackend("twilio", {**TWILIO, "base_url": town.twilio_url})
    if gateway == "sms":
        return KannelBackend("sms", KANNEL)
    return EmailBackend("email", {"host": "h", "port": 25, "from_address": "a@najda.invalid"})


def heard(town: Simulators, hooks: Hooks, by: str, **said: Any) -> Inbound:
    """What our side hears of what is said by a door."""
    hooks.forget(town)
    said_to(town.page_url.rstrip("/"), "say", by=by, **said)
    (event,) = reader(town, by).parse(hooks.next())
    assert isinstance(event, Inbound)
    return event


@pytest.mark.parametrize("by", DOORS)
def test_words_come_by_every_door_from_its_invented_sender(town, hooks, by):
    event = heard(town, hooks, by, text=WORDS)
    assert (event.text, event.sender) == (WORDS, DOORS[by].sample)


@pytest.mark.parametrize("by", ["whatsapp", "whatsapp_id", "messenger", "instagram", "twilio"])
@pytest.mark.parametrize("media_type", ["image/jpeg", "video/mp4", "audio/ogg", "application/pdf"])
def test_files_come_and_can_be_fetched_byte_for_byte(town, hooks, by, media_type):
    event = heard(town, hooks, by, text=WORDS, file=("name", media_type, CLIP))
    (file,) = incoming.files(event.raw)
    got = reader(town, by).fetch(file.source())
    assert (got.data, got.media_type) == (CLIP, media_type)
    assert file.is_voice is (media_type == "audio/ogg" and DOORS[by].gateway == "whatsapp")


def test_a_mail_brings_its_file_with_it(town, hooks):
    event = heard(
        town, hooks, "email", text=WORDS, file=("v.mp4", "video/mp4", CLIP), replies_to="<x@y.invalid>"
    )
    assert [(file.name, file.data) for file in event.enclosed] == [("v.mp4", CLIP)]
    assert incoming.replies_to(event.raw) == "<x@y.invalid>"


@pytest.mark.parametrize("by", ["whatsapp", "whatsapp_id", "messenger", "instagram"])
def test_a_pin_comes(town, hooks, by):
    event = heard(town, hooks, by, latitude="34.0209", longitude="-6.8416")
    found = incoming.place(event.raw)
    assert found is not None
    assert found[:2] == (34.0209, -6.8416)


@pytest.mark.parametrize("by", ["whatsapp", "messenger", "instagram"])
def test_what_is_answered_is_said(town, hooks, by):
    assert incoming.replies_to(heard(town, hooks, by, text="ok", replies_to="m_7").raw) == "m_7"


def test_whoever_shows_no_number_is_answered_and_reads_it_on_the_phone(town, hooks):
    event = heard(town, hooks, "whatsapp_id", text=WORDS, **{"from": "MA.Zz99"})
    answer = Message("r", event.sender, "ar", Text(body="توصلنا برسالتك"), "answer", window_open=True)
    reader(town, "whatsapp").send([answer])
    with urlopen(f"{town.page_url}ar/?who=MA.Zz99", timeout=5) as page:
        assert "توصلنا برسالتك" in page.read().decode()


def test_the_form_speaks_three_languages_and_leads_back(town):
    for language, direction in (("ar", "rtl"), ("fr", "ltr"), ("en", "ltr")):
        with urlopen(f"{town.page_url}{language}/say/", timeout=5) as page:
            text = page.read().decode()
            assert "'unsafe" not in page.headers["Content-Security-Policy"]
        assert f'dir="{direction}"' in text
        assert text.count('name="by"') == len(DOORS)
    back = said_to(town.page_url.rstrip("/"), "say", by="sms", text="vu", language="fr")
    assert 'role="status"' in back


def test_a_door_that_is_none_is_refused(town):
    with pytest.raises(HTTPError, match="400"):
        said_to(town.page_url.rstrip("/"), "say", by="pigeon", text="x")

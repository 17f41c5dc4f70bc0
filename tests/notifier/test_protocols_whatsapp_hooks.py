"""Every shape WhatsApp calls back with, and those it does not."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from notifier.exceptions import HookUnreadable
from notifier.message import Inbound, ReceiptEvent
from notifier.protocols import whatsapp_account, whatsapp_hooks

PERSON = {"profile": {"name": "سعاد"}, "wa_id": "212600000042", "user_id": "MA.Ab12"}
HEAD = {
    "messaging_product": "whatsapp",
    "metadata": {"display_phone_number": "212 500-000000", "phone_number_id": "1"},
}
STAMP = "1795305600"
AT = datetime.fromtimestamp(1795305600, UTC)
FAILED = [{"code": 131026, "title": "Message undeliverable", "error_data": {"details": "x"}}]


def hook(*values, field="messages") -> bytes:
    changes = [{"field": field, "value": {**HEAD, **value}} for value in values]
    return json.dumps(
        {"object": "whatsapp_business_account", "entry": [{"id": "9", "changes": changes}]}
    ).encode()


def wrote(contact=PERSON, **message) -> dict[str, Any]:
    known = {"from": "212600000042", "id": "wamid.A", "timestamp": STAMP}
    return {"contacts": [contact], "messages": [{**known, **message}]}


def status(state: str, **more) -> dict[str, Any]:
    known = {"id": "wamid.S", "status": state, "timestamp": STAMP, "recipient_id": "212600000042"}
    return {"statuses": [{**known, "biz_opaque_callback_data": "ref-1", **more}]}


def all_said(events: list[ReceiptEvent | Inbound]) -> list[Inbound]:
    """Return the events, each of which must be something a person said."""
    said = [event for event in events if isinstance(event, Inbound)]
    assert len(said) == len(events)
    return said


MESSAGES: dict[str, tuple[dict[str, Any], str, dict[str, str]]] = {
    "text": ({"type": "text", "text": {"body": "J’ai vu طفلة 🙏"}}, "J’ai vu طفلة 🙏", {}),
    "image": (
        {"type": "image", "image": {"id": "77", "mime_type": "image/jpeg", "sha256": "s", "caption": "هي"}},
        "هي",
        {"files": '[{"media_id": "77", "media_type": "image/jpeg"}]'},
    ),
    "image without words": ({"type": "image", "image": {"id": "77"}}, "", {"files": '[{"media_id": "77"}]'}),
    "video": (
        {"type": "video", "video": {"id": "78", "caption": "c"}},
        "c",
        {"files": '[{"media_id": "78"}]'},
    ),
    "voice": (
        {"type": "audio", "audio": {"id": "79", "voice": True}},
        "",
        {"files": '[{"media_id": "79", "voice": "yes"}]'},
    ),
    "audio": (
        {"type": "audio", "audio": {"id": "79", "voice": False}},
        "",
        {"files": '[{"media_id": "79"}]'},
    ),
    "sticker": (
        {"type": "sticker", "sticker": {"id": "80", "animated": True}},
        "",
        {"files": '[{"media_id": "80"}]'},
    ),
    "document": (
        {"type": "document", "document": {"id": "81", "filename": "plan.pdf"}},
        "",
        {"files": '[{"media_id": "81", "name": "plan.pdf"}]'},
    ),
    "location": (
        {"type": "location", "location": {"latitude": 34.02, "longitude": -6.83}},
        "",
        {"latitude": "34.02", "longitude": "-6.83"},
    ),
    "named location": (
        {
            "type": "location",
            "location": {"latitude": 0, "longitude": -6, "name": "Gare", "address": "Rabat"},
        },
        "",
        {"latitude": "0", "longitude": "-6", "place_name": "Gare", "place_address": "Rabat"},
    ),
    "template button": (
        {"type": "button", "button": {"payload": "stop", "text": "توقف"}},
        "توقف",
        {"payload": "stop"},
    ),
    "reply button": (
        {
            "type": "interactive",
            "interactive": {"type": "button_reply", "button_reply": {"id": "b1", "title": "Oui"}},
        },
        "Oui",
        {"payload": "b1"},
    ),
    "list": (
        {
            "type": "interactive",
            "interactive": {"type": "list_reply", "list_reply": {"id": "l1", "title": "Rabat"}},
        },
        "Rabat",
        {"payload": "l1"},
    ),
    "cards": (
        {
            "type": "contacts",
            "contacts": [
                {"name": {"formatted_name": "خالة"}, "phones": [{"phone": "+212 611"}, {"phone": 7}]},
                {"name": "odd"},
            ],
        },
        "خالة +212 611 7",
        {},
    ),
    "live location": (
        {"type": "live_location", "live_location": {"latitude": 34.1, "longitude": -6.8, "caption": "ici"}},
        "ici",
        {"latitude": "34.1", "longitude": "-6.8"},
    ),
    "flow": (
        {
            "type": "interactive",
            "interactive": {"type": "nfm_reply", "nfm_reply": {"body": "Sent", "response_json": "{}"}},
        },
        "Sent",
        {"payload": "{}"},
    ),
    "corrected": (
        {
            "type": "edit",
            "edit": {"original_message_id": "wamid.0", "message": {"type": "text", "text": {"body": "bleu"}}},
        },
        "bleu",
        {"edits": "wamid.0"},
    ),
    "taken back": (
        {"type": "revoke", "revoke": {"original_message_id": "wamid.0"}},
        "",
        {"deletes": "wamid.0"},
    ),
    "media without an id": ({"type": "video", "video": {"caption": "c"}}, "c", {}),
    "gone after one look": ({"type": "ephemeral", "errors": [{"code": 131051}]}, "", {"errors": "131051"}),
    "reaction": (
        {"type": "reaction", "reaction": {"message_id": "wamid.S", "emoji": "👍"}},
        "👍",
        {"reacts_to": "wamid.S"},
    ),
    "reaction taken back": (
        {"type": "reaction", "reaction": {"message_id": "wamid.S"}},
        "",
        {"reacts_to": "wamid.S"},
    ),
    "new number": (
        {
            "type": "system",
            "system": {"type": "user_changed_number", "body": "X changed", "wa_id": "212611111111"},
        },
        "",
        {"change": "user_changed_number", "new_number": "+212611111111"},
    ),
    "new user id": (
        {"type": "system", "system": {"type": "user_changed_user_id", "user_id": "MA.New"}},
        "",
        {"change": "user_changed_user_id", "new_user_id": "MA.New"},
    ),
    "unsupported": ({"type": "unsupported", "errors": [{"code": 131051}]}, "", {"errors": "131051"}),
    "answer, forwarded": (
        {"type": "text", "text": {"body": "ok"}, "context": {"id": "wamid.S", "forwarded": True}},
        "ok",
        {"replies_to": "wamid.S", "forwarded": "yes"},
    ),
    "a kind of next year": ({"type": "hologram", "hologram": {"id": "1"}}, "", {}),
    "no kind at all": ({}, "", {}),
    "a body of another type": ({"type": "text", "text": "plain"}, "", {}),
}


@pytest.mark.parametrize("shape", MESSAGES)
def test_what_people_send_is_read(shape):
    message, text, raw = MESSAGES[shape]
    (heard,) = whatsapp_hooks.read(hook(wrote(**message)))
    assert isinstance(heard, Inbound)
    assert (heard.kind, heard.provider_id, heard.sender) == ("message", "wamid.A", "+212600000042")
    assert (heard.text, heard.at, heard.to) == (text, AT, "+212500000000")
    known = {"type": message.get("type", "unknown"), "user_id": "MA.Ab12", "name": "سعاد"}
    assert dict(heard.raw) == {**known, **raw}


@pytest.mark.parametrize(
    ("state", "ours", "errors", "kind"),
    [
        ("sent", "accepted", None, ""),
        ("delivered", "delivered", None, ""),
        ("read", "delivered", None, ""),
        ("played", "delivered", None, ""),
        ("failed", "failed", FAILED, "unreachable"),
        ("failed", "failed", [{"code": 131049}], "filtered"),
        ("failed", "failed", None, "unknown"),
    ],
)
def test_a_status_is_a_receipt_with_our_reference(state, ours, errors, kind):
    (receipt,) = whatsapp_hooks.read(hook(status(state, **({"errors": errors} if errors else {}))))
    assert receipt == ReceiptEvent("wamid.S", "ref-1", ours, kind, AT, f"wamid.S:{state}")


@pytest.mark.parametrize(
    "odd", [{"status": "deleted"}, {"status": None}, {"id": ""}, {"id": None}, {"status": ["sent"]}]
)
def test_a_status_of_no_interest_costs_the_others_nothing(odd):
    value = {"statuses": [{**status("sent")["statuses"][0], **odd}, "x", *status("read")["statuses"]]}
    assert [event.event_key for event in whatsapp_hooks.read(hook(value))] == ["wamid.S:read"]


def test_one_without_a_number_is_known_by_the_id_of_this_business():
    hidden = {"profile": {"name": "N", "username": "souad"}, "user_id": "MA.Ab12"}
    for sender in ({"from": None, "from_user_id": "MA.Ab12"}, {"from": None}):
        (heard,) = whatsapp_hooks.read(hook(wrote(hidden, type="text", text={"body": "x"}, **sender)))
        assert isinstance(heard, Inbound)
        assert (heard.sender, heard.raw["user_id"], heard.raw["username"]) == ("MA.Ab12", "MA.Ab12", "souad")


def test_each_message_of_many_keeps_its_own_sender():
    people = [
        {"profile": {"name": str(n)}, "wa_id": f"21260000000{n}", "user_id": f"MA.U{n}"} for n in range(3)
    ]
    messages = [
        {"from": f"21260000000{n}", "id": f"wamid.{n}", "type": "text", "text": {"body": str(n)}}
        for n in (2, 0, 1)
    ]  # fmt: skip
    body = hook(
        {"contacts": people, "messages": messages}, status("read"), wrote(type="text", text={"body": "z"})
    )
    *heard, receipt, last = whatsapp_hooks.read(body)
    assert [(one.sender[-1], one.raw["user_id"][-1], one.text) for one in all_said(heard)] == [
        ("2", "2", "2"), ("0", "0", "0"), ("1", "1", "1")
    ]  # fmt: skip
    assert isinstance(receipt, ReceiptEvent)
    assert isinstance(last, Inbound)


def test_a_broken_message_costs_its_neighbours_nothing_and_is_kept():
    value = wrote(type="text", text={"body": "good"})
    value["messages"] += [{"type": "image", "image": [1]}, None, 7, {"timestamp": "soon", "from": {"x": 1}}]
    heard = all_said(whatsapp_hooks.read(hook(value)))
    assert [one.text for one in heard] == ["good", "", ""]
    assert len({one.event_key for one in heard}) == 3
    assert heard[2].at is None


def test_the_same_call_twice_has_the_same_keys():
    body = hook(
        wrote(type="text", text={"body": "x"}),
        status("failed", errors=FAILED),
        {"messages": [{"type": "odd"}]},
    )
    first, second = whatsapp_hooks.read(body), whatsapp_hooks.read(body)
    assert [event.event_key for event in first] == [event.event_key for event in second]
    assert len({event.event_key for event in first}) == 3


@pytest.mark.parametrize(("value", "text"), [("stop", "STOP"), ("resume", "")])
def test_a_stop_in_whatsapps_own_settings_is_the_word_stop(value, text):
    told = {
        "wa_id": "212600000042",
        "detail": "d",
        "category": "marketing_messages",
        "value": value,
        "timestamp": 1,
    }
    (heard,) = whatsapp_hooks.read(hook({"user_preferences": [told]}, field="user_preferences"))
    assert isinstance(heard, Inbound)
    assert (heard.sender, heard.text, heard.raw["value"]) == ("+212600000042", text, value)
    assert "600000042" not in heard.event_key


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"7",
        b"<html><h1>Bad Gateway</h1></html>",
        b"\xff\xfe",
        b'{"object": "page", "entry": []}',
        b'{"entry": []}',
        b'{"object": "whatsapp_business_account"}',
        b'{"object": "whatsapp_business_account", "entry": [7]}',
        b'{"object": "whatsapp_business_account", "entry": [{"changes": [{"field": "messages"}]}]}',
        hook(wrote(type="text", text={"body": "x"}))[:-20],
        b"[" * 200_000,
    ],
)
def test_what_is_no_call_back_of_whatsapp_is_unreadable(body):
    for read in (whatsapp_hooks.read, whatsapp_account.news):
        with pytest.raises(HookUnreadable):
            read(body)


@pytest.mark.parametrize(
    "body",
    [
        b'{"object": "whatsapp_business_account", "entry": []}',
        hook({}),
        hook({"messages": {}, "statuses": "x", "contacts": 3}),
        hook({"event": "x"}, field="of_next_year"),
        hook({}).replace(b'"value": {', b'"value": [], "was": {'),
    ],
)
def test_what_says_nothing_gives_nothing(body):
    assert whatsapp_hooks.read(body) == []
    assert whatsapp_account.news(body) == []


def test_ten_megabytes_are_read_like_any_other():
    (heard,) = whatsapp_hooks.read(hook(wrote(type="text", text={"body": "x" * 10_000_000})))
    assert isinstance(heard, Inbound)
    assert len(heard.text) == 10_000_000


def test_an_id_in_the_place_of_a_number_is_never_read_as_one():
    (heard,) = all_said(
        whatsapp_hooks.read(hook(wrote({}, **{"from": "MA.12x34", "type": "text", "text": {"body": "x"}})))
    )
    assert heard.sender == "MA.12x34"


@pytest.mark.parametrize("contacts", [[], [{}], [{"profile": None}], [PERSON, PERSON], "odd"])
def test_a_message_of_nobody_we_can_name_is_heard_all_the_same(contacts):
    value = {"contacts": contacts, "messages": [{"id": "wamid.N", "type": "text", "text": {"body": "vue"}}]}
    (heard,) = all_said(whatsapp_hooks.read(hook(value)))
    assert (heard.text, heard.sender, heard.event_key) == ("vue", "", "message:wamid.N")

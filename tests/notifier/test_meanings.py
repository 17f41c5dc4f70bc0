"""What each provider's errors mean, and what is done about each: one table, and a sentence for every kind."""

from collections.abc import Callable, Iterator

import pytest
from django.utils import translation

from notifier.actions import ACTIONS, Action, action
from notifier.exceptions import DeliveryError
from notifier.meanings import MEANINGS, meaning
from notifier.message import ACCOUNT_KINDS, ERROR_KINDS
from notifier.protocols import apprise, graph, instagram, kannel, smtp, twilio, webpush, whatsapp_errors

RETRY, WAIT, FAIL, FALL = Action.RETRY, Action.WAIT, Action.FAIL, Action.FALL_OVER
PAGE, PAGE_FALL = Action.PAGE, Action.PAGE_AND_FALL_OVER

# provider: action: kind: what the provider says, as the sheets have it.
WHATSAPP = {
    RETRY: {
        "unreachable": "131056",
        "no_media": "131052 131053",
        "rejected": "137000",
    },
    WAIT: {"throttled": "4 80007 80008 130429", "gateway_down": "1 2 131000 131016 131057 135000"},
    FAIL: {"opted_out": "131050"},
    FALL: {
        "invalid": "100 131008 131009 131051 131062 131063 132008 132012",
        "bad_address": "131021 131030",
        "unreachable": "131026",
        "rejected": "131047",
        "filtered": "130472 131049",
        "too_long": "132005",
    },
    PAGE: {"credentials": "0 190"},
    PAGE_FALL: {
        "permission": "3 10 131005",
        "policy": "368 131031 130497 131048 131064 132007",
        "configuration": "33 131037 131042 131045 133000 133001 133002 133003 133004 133005 133006 133007 "
        "133008 133009 133010 133011 133012 133013 133014 133015 133016 132000 132001 132015 132016 2388019 "
        "2388040 2388047 2388073 2388293 2388299",
    },
}
GRAPH = {
    RETRY: {"invalid": "1609005"},
    WAIT: {
        "gateway_down": "1 2",
        "throttled": "4 9 17 32 341 613 80001 80002 80006 80007 80008",
    },
    FAIL: {"duplicate": "506"},
    FALL: {"invalid": "100", "unreachable": "551"},
    PAGE: {"credentials": "102 190"},
    PAGE_FALL: {"permission": "3 10", "policy": "368"},
}
INSTAGRAM = {
    RETRY: {"no_media": "2207003", "expired": "2207020"},
    WAIT: {
        "gateway_down": "-1 -2 2207008 2207032 2207053",
        "throttled": "9007 2207027 2207042",
    },
    FALL: {
        "missing": "24 2207006",
        "no_media": "352 36000 36001 36003 2207004 2207005 2207009 2207026",
        "too_long": "36004 2207010 2207040",
        "invalid": "2207023",
    },
    PAGE: {"policy": "25 2207001 2207050 2207051", "configuration": "9004 2207052"},
}
TWILIO = {
    RETRY: {"unreachable": "30003 30009", "unknown": "30008"},
    WAIT: {"throttled": "20429 21611 30001 30022 30023 63038", "gateway_down": "20500 20503 30410 30500"},
    FAIL: {"opted_out": "21610", "expired": "30036"},
    FALL: {
        "bad_address": "21211 21265 21266 21604 21614 30005 30006",
        "unreachable": "21612",
        "invalid": "21602",
        "too_long": "21617",
        "filtered": "30004 30007",
    },
    PAGE: {
        "policy": "10001 20005 30002",
        "credentials": "20003",
        "permission": "20403 21219 21408 21608",
        "configuration": "11200 11205 20404 21212 21603 21606 21609 21701 21703 21705 30010 30034",
    },
    PAGE_FALL: {"policy": "63016"},
}
# Where meaning is in words or statuses; what stands before ":" is the status.
SMTP = {
    RETRY: {"unreachable": ["450: Busy", "452:4.2.2 Full", "451:4.7.1 Greylisted", "450:4.7.1 Try later"]},
    WAIT: {"gateway_down": ["451:4.3.0 Local", "421:Closing"], "throttled": ["451:4.7.1 Slow down"]},
    FALL: {
        "bad_address": [
            "550:5.1.1 No such user",
            "551:Moved",
            "553:Bad name",
            "550:5.2.1 Disabled",
            "550:No",
        ],
        "unreachable": ["550:5.2.2 Full", "550:5.4.4 No route"],
        "too_long": ["552:5.3.4 Too big", "552:Too much"],
        "rejected": ["554:Refused"],
    },
    PAGE: {
        "credentials": ["535:5.7.8 Bad password", "530:Log in first", "454:TLS first"],
        "configuration": ["530:5.7.0 Must issue a STARTTLS command first", "550:5.1.8 No such domain"],
    },
    PAGE_FALL: {"policy": ["550:5.7.1 Refused by policy", "550:5.7.26 No DMARC"]},
}
KANNEL = {
    WAIT: {
        "gateway_down": ["503:Temporal failure", "500:"],
        "throttled": ["429:Slow down", "408:"],
    },
    FALL: {"bad_address": ["400:No such number", "400:Invalid receiver"], "rejected": ["400:Something"]},
    PAGE: {
        "credentials": ["403:Authorization failed for sendsms", "401:", "400:Denied from here"],
        "configuration": ["404:Not found", "302:"],
    },
}
WEBPUSH = {
    WAIT: {"throttled": ["429:", "408:"], "gateway_down": ["503:", "500:", "307:"]},
    FALL: {
        "bad_address": ["404:", "410:"],
        "too_long": ["413:"],
        "invalid": ["400:what?"],
        "rejected": ["403:do not correspond", "418:"],
    },
    PAGE: {"credentials": ["403:", "401:", "400:VAPID missing"]},
}
APPRISE = {
    WAIT: {"throttled": ["429:"], "gateway_down": ["503:"]},
    FALL: {"bad_address": ["404:", "410:"], "invalid": ["400:"], "too_long": ["413:"], "rejected": ["409:"]},
    PAGE: {"credentials": ["401:", "403:"], "configuration": ["302:"]},
}


def said(status_and_words: str) -> tuple[int, str]:
    status, _, words = status_and_words.partition(":")
    return int(status), words


def by_whatsapp(code: str) -> DeliveryError:
    return whatsapp_errors.refusal({"code": int(code)}, {})


def by_graph(code: str) -> DeliveryError:
    return graph.meaning({"code": int(code)}, {})


def by_instagram(code: str) -> DeliveryError:
    return instagram.refined(DeliveryError(permanent=True, kind="unknown", detail=code))


def by_twilio(code: str) -> DeliveryError:
    return twilio.meaning(int(code), 400, {})


def by_smtp(code: str) -> DeliveryError:
    status, words = said(code)
    return smtp.meaning(status, words, at_recipient=True)


def by_kannel(code: str) -> DeliveryError:
    return raised(lambda: kannel.read_answer(*said(code)))


def by_webpush(code: str) -> DeliveryError:
    status, words = said(code)
    return raised(lambda: webpush.read_answer(status, {}, words, known=True))


def by_apprise(code: str) -> DeliveryError:
    return raised(lambda: apprise.raise_failure([f"Failed to send: error={said(code)[0]}."]))


def raised(act: Callable[[], object]) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        act()
    return caught.value


Table = dict[Action, dict[str, str]] | dict[Action, dict[str, list[str]]]
TABLES: dict[str, tuple[Callable[[str], DeliveryError], Table]] = {
    "whatsapp": (by_whatsapp, WHATSAPP),
    "graph": (by_graph, GRAPH),
    "instagram": (by_instagram, INSTAGRAM),
    "twilio": (by_twilio, TWILIO),
    "smtp": (by_smtp, SMTP),
    "kannel": (by_kannel, KANNEL),
    "webpush": (by_webpush, WEBPUSH),
    "apprise": (by_apprise, APPRISE),
}


def rows() -> Iterator[tuple[str, str, str, Action]]:
    """Provider, code, kind, action."""
    for provider, (_, table) in TABLES.items():
        for done, kinds in table.items():
            for kind, codes in kinds.items():
                yield from ((provider, code, kind, done) for code in _list(codes))


def _list(codes: str | list[str]) -> list[str]:
    return codes.split() if isinstance(codes, str) else codes


ROWS = list(rows())


@pytest.mark.parametrize("provider", TABLES)
def test_every_error_means_what_its_provider_means_and_is_acted_on(provider):
    """By provider, for a case a row would cost more than what is asked of it."""
    read, _ = TABLES[provider]
    wrong = [
        (code, kind, done, found.kind, action(found))
        for whose, code, kind, done in ROWS
        if whose == provider
        for found in [read(code)]
        if (found.kind, action(found)) != (kind, done)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("provider", "known"),
    [
        ("whatsapp", whatsapp_errors.MEANINGS),
        ("graph", graph.MEANINGS),
        ("instagram", instagram.MEANINGS),
        ("twilio", twilio.MEANINGS),
    ],
)
def test_every_code_we_know_stands_in_the_table(provider, known):
    assert {int(code) for whose, code, _, _ in ROWS if whose == provider} == set(known)


def test_the_table_is_long_enough_and_leaves_no_action_out():
    assert len(ROWS) == len(set(ROWS)) > 150
    assert {done for *_, done in ROWS} == set(Action)
    by_no_code = {"quota", "certificate", "clock", "connection"}  # of a day, of a line
    assert {kind for _, _, kind, _ in ROWS} | by_no_code | {"unknown"} == set(ERROR_KINDS)


@pytest.mark.parametrize(
    ("read", "kind", "done"),
    [
        (lambda: whatsapp_errors.refusal({"code": 131048, "message": "messaging limit"}, {}), "quota", FALL),
        (lambda: whatsapp_errors.refusal({"code": 130429, "message": "unique users"}, {}), "quota", FALL),
        (lambda: whatsapp_errors.refusal({"code": 132, "is_transient": True}, {}), "gateway_down", WAIT),
        (lambda: whatsapp_errors.refusal({"code": 999_999}, {}), "unknown", FALL),
        (lambda: graph.meaning({"code": 250}, {}), "permission", PAGE_FALL),
        (lambda: graph.meaning({"code": 100, "error_subcode": 33}, {}), "missing", FALL),
        (lambda: graph.meaning({"code": 999_999, "is_transient": True}, {}), "unknown", RETRY),
        (lambda: twilio.meaning(0, 503, {}), "gateway_down", WAIT),
        (lambda: twilio.meaning(0, 401, {}), "credentials", PAGE),
        (lambda: twilio.meaning(0, 302, {}), "configuration", PAGE),
        (lambda: twilio.meaning(0, 422, {}), "unknown", FALL),
    ],
)
def test_what_is_told_otherwise_than_by_a_code(read, kind, done):
    found = read()
    assert (found.kind, action(found)) == (kind, done)


def test_every_kind_has_an_action_and_the_accounts_faults_call_a_person():
    assert set(ACTIONS) == set(ERROR_KINDS)
    for kind in ACCOUNT_KINDS:
        assert ACTIONS[kind] == (PAGE_FALL, PAGE)
    assert action(DeliveryError(permanent=True, kind="of next year")) is FALL


def test_every_kind_has_a_sentence():
    assert set(ERROR_KINDS) <= set(MEANINGS)
    assert len({str(sentence) for sentence in MEANINGS.values()}) == len(MEANINGS)


def test_a_kind_without_a_sentence_shows_itself():
    with translation.override("en"):
        assert meaning("bad_address") == "This number or mailbox does not exist."
    assert meaning("backend_broke") == "backend_broke"

"""What is stored and logged of whoever sends a tip: nothing that leads back."""

import ast
import inspect
import io
import logging
from pathlib import Path

import pytest

from project import processes
from project.logs import JsonFormatter, NoPersons
from tests.desk.test_dump import raw
from tests.tips.web.told import FOLLOW, NOTED, TIP, WORDS, file, form, hidden, opens, sends, words
from tips import views
from tips.models import Tip
from trust import secrets
from trust.models import AuditEntry
from trust.models.throttle import ThrottleHit

pytestmark = pytest.mark.django_db

ADDRESS, PROXIED = "203.0.113.77", "198.51.100.23"
# What a browser says of itself; each holds a word that stands nowhere else.
SAYS = {
    "REMOTE_ADDR": ADDRESS,
    "HTTP_X_FORWARDED_FOR": PROXIED,
    "HTTP_USER_AGENT": "Marqueur/9.9 (Telephone Zellij)",
    "HTTP_REFERER": "https://forum.example/fil-des-temoins",
    "HTTP_COOKIE": "session=biscuitdutemoin; csrf=biscuitdutemoin",
    "HTTP_ACCEPT_LANGUAGE": "fr-GA, shi-Latn;q=0.7",
    "HTTP_SEC_CH_UA": '"Zellij";v="9"',
    "HTTP_VIA": "1.1 mandataire-zellij",
}
MARKS = (ADDRESS, PROXIED, "203.0.113", "198.51.100", "Marqueur", "Zellij", "zellij", "fil-des-temoins",
         "forum.example", "biscuitdutemoin", "fr-GA", "shi-Latn")  # fmt: skip


@pytest.fixture
def log():
    """All that any logger says, at any level, as the handler of a deployment writes it."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(JsonFormatter())
    handler.addFilter(NoPersons())
    root = logging.getLogger()
    level, root.level = root.level, logging.DEBUG
    root.addHandler(handler)
    yield out
    root.removeHandler(handler)
    root.setLevel(level)


def all_that_a_witness_does(client):
    """Yield the answer of each step, every request with the marks."""
    page = client.get(TIP, **SAYS)
    yield page
    sent = client.post(
        TIP,
        {"submission": hidden(page, "submission"), "words": WORDS, "attached": [file(b"abc")], "phone": "12"},
        **SAYS,
    )
    yield sent
    again = {"submission": hidden(sent, "submission"), "words": WORDS, "kept": hidden(sent, "kept")}
    shown = client.post(TIP, again, **SAYS)
    yield shown
    typed = {"held": hidden(shown, "held"), "act": "check", "typed": words(shown)}
    yield client.post(NOTED, typed, **SAYS)
    key = {"reference": Tip.objects.get().reference, "secret": words(shown)}
    yield client.post(FOLLOW, key, **SAYS)
    yield client.post(FOLLOW, {**key, "secret": "a b c d e"}, **SAYS)


def test_nothing_of_the_browser_or_its_network_is_stored_or_logged(witness, log) -> None:
    answers = list(all_that_a_witness_does(witness))
    assert [one.status_code for one in answers] == [200, 422, 200, 200, 200, 422]
    dump, logged = raw().decode("utf-8", "replace"), log.getvalue()
    assert [mark for mark in MARKS if mark in dump or mark in logged] == []


def test_no_digest_of_a_network_is_counted(witness) -> None:
    list(all_that_a_witness_does(witness))
    assert set(ThrottleHit.objects.values_list("scope", flat=True)) <= {"thread", "work"}


def test_the_words_and_the_secret_stand_in_no_log_and_in_no_column_in_clear(witness, log) -> None:
    shown = sends(witness)
    opens(witness, shown)
    kept = raw().decode("utf-8", "replace") + log.getvalue()
    digits = secrets.normalise_secret(words(shown))
    assert [said for said in (WORDS, words(shown), digits, hidden(shown, "held")) if said in kept] == []


def test_no_cookie_is_set_nothing_is_kept_by_a_cache_and_no_page_is_named_to_others(witness) -> None:
    for answer in all_that_a_witness_does(witness):
        assert not answer.cookies
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert b'src="http' not in answer.content


def test_the_log_of_acts_names_no_person(witness) -> None:
    list(all_that_a_witness_does(witness))
    entries = AuditEntry.objects.filter(action__startswith="tip.")
    assert {one.actor for one in entries} == {None}
    assert {"tip.received", "tip.noted", "tip.thread_opened"} <= {one.action for one in entries}


def test_no_view_of_this_door_reads_who_asks() -> None:
    """A rule on the code itself: neither the network nor a header that names a browser is looked at."""
    refused = {"META", "COOKIES", "session", "user", "crowded", "client_network", "client_address"}
    pages = [path for path in Path(inspect.getfile(views)).parent.glob("*.py") if path.name != "page.py"]
    for path in pages:  # page.py throws the cookies away
        names = {
            node.attr for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)
        }
        assert not names & refused, path.name


def test_the_server_writes_no_access_log() -> None:
    assert "--access-log" not in processes.web_command(8000)


def test_a_form_sent_from_another_site_does_nothing(witness) -> None:
    answer = witness.post(TIP, form(witness), headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 302
    assert not Tip.objects.exists()

"""SMTP replies by meaning."""

import pytest

from notifier.protocols import smtp


@pytest.mark.parametrize(
    ("code", "text", "at_recipient", "kind", "permanent"),
    [
        (550, "5.1.1 No such user", True, "bad_address", True),
        (550, "5.1.2 Bad domain", True, "bad_address", True),
        (550, "5.1.10 Null MX", True, "bad_address", True),
        (550, "No such user", True, "bad_address", True),
        (550, "I do not like it", False, "rejected", True),
        (550, "5.2.1 Disabled", True, "bad_address", True),
        (552, "5.2.2 Full", True, "unreachable", True),
        (552, "too big", False, "too_long", True),
        (550, "5.7.1 Refused", True, "policy", True),
        (550, "5.7.515 Not authenticated", False, "policy", True),
        (550, "5.7.26 DMARC", False, "policy", True),
        (554, "5.7.1 Blocked", False, "policy", True),
        (554, "Transaction failed", False, "rejected", True),
        (553, "Mailbox name not allowed", True, "bad_address", True),
        (421, "4.7.0 Later", True, "throttled", False),
        (450, "4.2.0 Greylisted", True, "unreachable", False),
        (450, "busy", True, "unreachable", False),
        (451, "4.3.0 Local error", False, "gateway_down", False),
        (451, "4.7.1 Slow down", True, "throttled", False),
        (452, "4.2.2 Mailbox full", True, "unreachable", False),
        (452, "Insufficient storage", True, "gateway_down", False),
        (530, "5.7.0 Authentication required", True, "credentials", False),
        (535, "5.7.8 Bad password", False, "credentials", False),
        (454, "4.7.0 TLS not available", False, "credentials", False),
    ],
)
def test_a_reply_means_what_the_rfcs_mean(code, text, at_recipient, kind, permanent):
    error = smtp.meaning(code, text, at_recipient=at_recipient)
    assert (error.kind, error.permanent) == (kind, permanent)


def test_the_servers_prose_is_not_kept():
    error = smtp.meaning(550, "5.1.1 <ahmed@example.org> does not exist", at_recipient=True)
    assert error.detail == "550 5.1.1"
    assert "ahmed" not in str(error)

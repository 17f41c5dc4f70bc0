"""What Meta says of our account, our templates and our number."""

import pytest

from notifier.message import Problem
from notifier.protocols import whatsapp_account, whatsapp_hooks, whatsapp_templates
from tests.notifier.test_protocols_whatsapp_hooks import hook

ALERT_AR = {
    "message_template_name": "najda_alert",
    "message_template_language": "ar",
    "message_template_id": 1,
}
NEWS = [
    (
        "message_template_status_update",
        {**ALERT_AR, "event": "PAUSED"},
        Problem("configuration", "najda_alert.ar PAUSED"),
    ),
    (
        "message_template_status_update",
        {**ALERT_AR, "event": "DISABLED"},
        Problem("configuration", "najda_alert.ar DISABLED"),
    ),
    (
        "message_template_status_update",
        {**ALERT_AR, "event": "REJECTED", "reason": "ABUSIVE_CONTENT"},
        Problem("configuration", "najda_alert.ar REJECTED"),
    ),
    (
        "message_template_status_update",
        {**ALERT_AR, "event": "FLAGGED"},
        Problem("configuration", "najda_alert.ar FLAGGED", serious=False),
    ),
    ("message_template_status_update", {**ALERT_AR, "event": "APPROVED"}, None),
    (
        "message_template_quality_update",
        {**ALERT_AR, "new_quality_score": "YELLOW"},
        Problem("configuration", "najda_alert.ar quality YELLOW", serious=False),
    ),
    ("message_template_quality_update", {**ALERT_AR, "new_quality_score": "GREEN"}, None),
    (
        "template_category_update",
        {**ALERT_AR, "previous_category": "UTILITY", "new_category": "MARKETING"},
        Problem("configuration", "najda_alert.ar is MARKETING"),
    ),
    (
        "template_category_update",
        {**ALERT_AR, "correct_category": "MARKETING"},
        Problem("configuration", "najda_alert.ar becomes MARKETING", serious=False),
    ),
    (
        "template_category_update",
        {**ALERT_AR, "previous_category": "MARKETING", "new_category": "UTILITY"},
        None,
    ),
    (
        "phone_number_quality_update",
        {"event": "DOWNGRADE", "current_limit": "TIER_250"},
        Problem("policy", "number DOWNGRADE TIER_250"),
    ),
    ("phone_number_quality_update", {"event": "FLAGGED"}, Problem("policy", "number FLAGGED")),
    ("phone_number_quality_update", {"event": "THROUGHPUT_UPGRADE", "current_limit": "TIER_UNLIMITED"}, None),
    ("account_update", {"event": "ACCOUNT_RESTRICTION"}, Problem("policy", "ACCOUNT_RESTRICTION")),
    ("account_update", {"event": "VERIFIED_ACCOUNT"}, None),
    ("account_alerts", {"alert_type": "OBA_REJECTED"}, Problem("policy", "OBA_REJECTED", serious=False)),
    (
        "business_capability_update",
        {"max_daily_conversation_per_phone": 250},
        Problem("quota", "allowance 250", serious=False),
    ),
    ("messages", {"errors": [{"code": 131042}]}, Problem("configuration", "131042")),
    ("messages", {"errors": [{"code": 130429}]}, Problem("throttled", "130429", serious=False)),
]


@pytest.mark.parametrize(("field", "value", "problem"), NEWS)
def test_what_meta_says_of_the_account_is_for_the_operators_and_for_nobody_else(field, value, problem):
    body = hook(value, field=field)
    assert whatsapp_account.news(body) == ([] if problem is None else [problem])
    assert whatsapp_hooks.read(body) == []


@pytest.mark.parametrize(
    ("number", "problems"),
    [
        ({"quality_rating": "GREEN", "whatsapp_business_manager_messaging_limit": "TIER_250"}, []),
        ({"quality_rating": "YELLOW"}, [Problem("policy", "quality YELLOW", serious=False)]),
        ({"messaging_limit_tier": "TIER_50"}, [Problem("quota", "TIER_50 below per_day", serious=False)]),
        ({"messaging_limit_tier": "TIER_UNLIMITED"}, []),
        ({"whatsapp_business_manager_messaging_limit": "TIER_OF_NEXT_YEAR"}, []),
    ],
)
def test_the_number_is_measured_against_the_plans(number, problems):
    assert whatsapp_account.number_problems(number, 250) == problems


def test_a_template_meta_does_not_know_is_missed():
    ours = [whatsapp_templates.load()["alert", "fr"]]
    listed = [None, {"name": "najda_alert", "language": "ar", "status": "APPROVED"}]
    assert whatsapp_account.template_problems(listed, ours) == [Problem("configuration", "alert.fr MISSING")]
    listed = [{"name": "najda_alert", "language": "fr", "status": "APPROVED", "category": "UTILITY"}]
    assert whatsapp_account.template_problems(listed, ours) == []

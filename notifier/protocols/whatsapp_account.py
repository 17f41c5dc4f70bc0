"""What WhatsApp tells about our account: templates paused or re-classed, the number's quality and allowance.

Each piece of news becomes a Problem an operator is shown; a serious one needs a person now.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from notifier.message import Problem
from notifier.protocols import whatsapp_errors, whatsapp_hooks
from notifier.protocols.whatsapp_templates import Template

LOST = {
    "PAUSED",
    "DISABLED",
    "REJECTED",
    "PENDING_DELETION",
    "DELETED",
    "ARCHIVED",
    "LOCKED",
    "LIMIT_EXCEEDED",
}
AT_RISK = {"FLAGGED", "IN_APPEAL"}
ACCOUNT_GOOD = {"VERIFIED_ACCOUNT", "ACCOUNT_REINSTATED", "PARTNER_ADDED"}
TIERS = {"TIER_50": 50, "TIER_250": 250, "TIER_1K": 1_000, "TIER_2K": 2_000, "TIER_10K": 10_000,
         "TIER_100K": 100_000}  # fmt: skip
_NAMED_PARAMETERS = "message_template_name", "message_template_language"


def news(body: bytes) -> list[Problem]:
    """What a verified call-back says of our account. Raise HookUnreadable."""
    return [
        problem for _account, field, value in whatsapp_hooks.changes(body) for problem in _told(field, value)
    ]


def number_problems(data: Mapping[str, Any], per_day: int | None) -> list[Problem]:
    """What our number's own object says: its quality, and an allowance below what the plans count on."""
    problems = []
    quality = str(data.get("quality_rating", ""))
    if quality in ("YELLOW", "RED"):
        problems.append(Problem("policy", f"quality {quality}", serious=quality == "RED"))
    tier = data.get("whatsapp_business_manager_messaging_limit") or data.get("messaging_limit_tier")
    allowed = TIERS.get(str(tier))
    if allowed is not None and (per_day is None or per_day > allowed):
        problems.append(Problem("quota", f"{tier} below per_day", serious=False))
    return problems


def template_problems(listed: Iterable[object], ours: Iterable[Template]) -> list[Problem]:
    """Our templates compared with Meta's list of them: each must be there, approved, and UTILITY."""
    theirs = {
        (str(one.get("name")), str(one.get("language"))): one for one in listed if isinstance(one, dict)
    }
    problems = []
    for template in ours:
        found = theirs.get((template.name, template.language))
        status = str(found.get("status", "")) if found else "MISSING"
        category = str(found.get("category", template.category)) if found else template.category
        if status != "APPROVED":
            problems.append(Problem("configuration", f"{template.key} {status}"))
        elif category != template.category:
            problems.append(Problem("configuration", f"{template.key} is {category}"))
    return problems


def _told(field: str, value: Mapping[str, Any]) -> Iterator[Problem]:
    name = ".".join(str(value.get(part, "")) for part in _NAMED_PARAMETERS)
    event = str(value.get("event", ""))
    if field == "message_template_status_update" and event in LOST | AT_RISK:
        yield Problem("configuration", f"{name} {event}", serious=event in LOST)
    elif field == "template_category_update":
        yield from _reclassed(name, value)
    elif field == "message_template_quality_update":
        quality = str(value.get("new_quality_score", ""))
        if quality in ("YELLOW", "RED"):
            yield Problem("configuration", f"{name} quality {quality}", serious=False)
    elif field == "phone_number_quality_update":
        yield from _number(event, value)
    elif field == "account_update" and event not in ACCOUNT_GOOD:
        yield Problem("policy", event)
    elif field == "account_alerts":
        yield Problem("policy", str(value.get("alert_type", "alert")), serious=False)
    elif field == "business_capability_update":
        allowed = value.get(
            "max_daily_conversations_per_business", value.get("max_daily_conversation_per_phone")
        )
        yield Problem("quota", f"allowance {allowed}", serious=False)
    elif field == "messages":
        yield from _errors(value)


def _reclassed(name: str, value: Mapping[str, Any]) -> Iterator[Problem]:
    now = str(value.get("new_category") or value.get("correct_category") or "")
    if now and now != "UTILITY":
        announced = "new_category" not in value  # Meta warns a day before it acts
        yield Problem(
            "configuration", f"{name} {'becomes' if announced else 'is'} {now}", serious=not announced
        )


def _number(event: str, value: Mapping[str, Any]) -> Iterator[Problem]:
    if event in ("FLAGGED", "DOWNGRADE"):
        limit = value.get("current_limit") or value.get("max_daily_conversations_per_business") or ""
        yield Problem("policy", f"number {event} {limit}".rstrip())


def _errors(value: Mapping[str, Any]) -> Iterator[Problem]:
    """Errors that belong to no message."""
    errors = value.get("errors")
    for error in errors if isinstance(errors, list) else ():
        if isinstance(error, dict):
            refusal = whatsapp_errors.refusal(error, {})
            yield Problem(refusal.kind, refusal.detail, serious=refusal.kind != "throttled")

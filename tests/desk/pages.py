"""Addresses of the desk, and what a reader finds on a page."""

import re
from html import unescape
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from alerts.models import Alert, Version
from cases.models import Case


def of_case(case: Case, verb: str = "change") -> str:
    return reverse(f"admin:cases_case_{verb}", args=[case.pk])


def of_version(version: Version, verb: str = "change") -> str:
    return reverse(f"admin:alerts_version_{verb}", args=[version.pk])


def of_alert(alert: Alert, verb: str = "change") -> str:
    return reverse(f"admin:alerts_alert_{verb}", args=[alert.pk])


def drafting(case: Case) -> str:
    return reverse("admin:alerts_alert_draft", args=[case.pk])


def take_right(role: str, codename: str) -> None:
    """Let a role do without a right: nobody of the cast sees cases and not what is restricted in them."""
    group = Group.objects.get(name=role)
    group.permissions.remove(Permission.objects.get(codename=codename, content_type__app_label="cases"))


def words(response: Any) -> str:
    """Return the page without its tags, entities resolved and blanks made one."""
    bare = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", unescape(bare))


def said(response: Any) -> list[str]:
    """Return the messages that the page shows."""
    return [str(message) for message in response.context["messages"]]

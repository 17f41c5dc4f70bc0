"""The first two administrators, and passwords that serve once.

Every further right needs two administrators at the desk (trust.granting). At the console of the server an
administrator is made only while fewer than two accounts of the kind are open: at the beginning, and again
when one of the two closed the account of the other, who lost the factor and every code.
"""

import secrets
from uuid import uuid4

from django.contrib.auth.models import Group
from django.db import transaction

from trust import audit, sessions
from trust.models import Officer
from trust.roles import Role
from trust.signals import account_changed

FIRST_ADMINISTRATORS = 2
PASSWORD_BYTES = 15  # 120 bits, 20 characters


class EnrolmentRefused(Exception):  # noqa: N818  it says what happened
    """The text says why, in words for whoever sits at the console."""


def first_administrator(username: str, display_name: str, language: str) -> tuple[Officer, str]:
    """Make one of the first two administrators; return the account and its one-time password.

    Raises EnrolmentRefused when there are two already (the next ones are made by them) or the name is taken.
    """
    with transaction.atomic():
        group = Group.objects.select_for_update().get(name=Role.ADMINISTRATOR)
        if Officer.objects.filter(groups=group, is_active=True).count() >= FIRST_ADMINISTRATORS:
            raise EnrolmentRefused("two administrators exist: one of them makes further accounts at /police/")
        if Officer.objects.filter(username=username).exists():
            raise EnrolmentRefused(f"user name {username} is taken")
        officer = Officer.objects.create_user(username, display_name=display_name, language=language)
        officer.groups.add(group)
        audit.record("officer.enrolled", officer, reason="first_administrators")
        return officer, issue_password(officer)


def issue_password(officer: Officer, *, by: Officer | None = None) -> str:
    """Give the officer a random password, to be changed at the first log-in, and return it."""
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    officer.set_password(password)
    officer.password_is_temporary = True
    with transaction.atomic():
        officer.save(update_fields=["password", "password_is_temporary"])
        audit.record("officer.password_issued", officer, actor=by)
        sessions.end_all(officer, by=by)
        account_changed.send(Officer, officer=officer, code="password_issued", subject=uuid4())
    return password

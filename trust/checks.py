"""System checks: accounts that may do everything, keys others can read, a log or a list that is not whole."""

import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004  Django's own names
from django.db import connections
from django.urls import NoReverseMatch, reverse

from trust import clock, duty, ring, triggers, words
from trust.models import AuditEntry, DataKey, Officer, Shift

PAGES = ("account_login", "account_change_password", "mfa_activate_totp", "mfa_reauthenticate")
Apps = Sequence[AppConfig] | None


@register(Tags.database)
def superusers(
    app_configs: Apps, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Refuse accounts with is_superuser: it opens nothing here, so nobody should think it does."""
    found: list[CheckMessage] = []
    for alias in _with_table(databases, Officer._meta.db_table):
        count = Officer.objects.using(alias).filter(is_superuser=True).count()
        if count:
            found.append(
                Error(
                    f"{count} account(s) with is_superuser",
                    hint="Set is_superuser to false: rights come from roles. See docs/settings.md",
                    id="trust.E001",
                )
            )
    return found


@register(Tags.database)
def ring_keys(app_configs: Apps, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Say which ring keys are missing while data keys are wrapped by them."""
    found: list[CheckMessage] = []
    for alias in _with_table(databases, DataKey._meta.db_table):
        rows = DataKey.objects.using(alias).filter(wrapped__isnull=False)
        used = set(rows.order_by().values_list("ring_key_id", flat=True).distinct())
        found += [
            Error(
                f"ring-{missing}.key is missing from KEY_DIR",
                hint="Bring it back from the backup of keys. See docs/settings.md#key_dir",
                id="trust.E003",
            )
            for missing in sorted(used - set(ring.ring_ids()))
        ]
    return found


@register()
def secret_words(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """Say when a list of words is not whole: secrets could be neither shown nor read."""
    try:
        words.check()
    except words.WordsError as fault:
        hint = "Bring the file back as it was released. See docs/settings.md"
        return [Error(str(fault), hint=hint, id="trust.E007")]
    return []


@register(Tags.database)
def audit_key(app_configs: Apps, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Say when the key of a log that has entries is gone: a new one would call every one of them forged."""
    if (Path(settings.KEY_DIR) / "audit.key").exists():
        return []
    hint = "Bring it back from the backup of keys. See docs/settings.md#key_dir"
    return [
        Error("audit.key is missing from KEY_DIR", hint=hint, id="trust.E006")
        for alias in _with_table(databases, AuditEntry._meta.db_table)
        if AuditEntry.objects.using(alias).exists()
    ]


@register(Tags.database)
def log_triggers(
    app_configs: Apps, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Say when the database would let the log be changed."""
    found: list[CheckMessage] = []
    for alias in _with_table(databases, triggers.EXPORTS):
        gone = triggers.missing(connections[alias])
        if gone:
            hint = "Run manage.py migrate, which puts them back, and find out who removed them."
            found.append(Error(f"triggers missing: {', '.join(gone)}", hint=hint, id="trust.E005"))
    return found


@register(Tags.database)
def roster(app_configs: Apps, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Say where the roster names nobody within the next 24 hours."""
    hint = "Plan the shift in the duty roster, or name a standing duty officer. See docs/duty.md"
    if "default" not in _with_table(databases, Shift._meta.db_table):
        return []
    return [
        Warning(
            f"nobody is rostered ({gap.role}) at {gap.unit.code if gap.unit else gap.agency.code}"
            f" from {gap.starts_at:%Y-%m-%d %H:%M} to {gap.ends_at:%Y-%m-%d %H:%M} UTC",
            hint=hint,
            id="trust.W008",
        )
        for gap in duty.gaps(clock.now())
    ]


@register(Tags.security)
def key_files(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """Say which key files others than the program's own user can read."""
    loose = [
        path
        for path in Path(settings.KEY_DIR).glob("*.key")
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    ]
    return [
        Warning(
            f"{path.name} in KEY_DIR can be read by others",
            hint=f"chmod 600 {path.name}. See docs/settings.md#key_dir",
            id="trust.W002",
        )
        for path in loose
    ]


@register(Tags.urls)
def pages(app_configs: Apps, **kwargs: Any) -> list[CheckMessage]:
    """Say which of the pages that the second factor leads to have no address."""
    found: list[CheckMessage] = []
    for name in PAGES:
        try:
            reverse(name)
        except NoReverseMatch:
            hint = "Add allauth's view of that name under /police/account/ in project/urls.py"
            found.append(Warning(f"no address is named {name}", hint=hint, id="trust.W004"))
    return found


def _with_table(databases: Sequence[str] | None, table: str) -> list[str]:
    return [alias for alias in databases or () if table in connections[alias].introspection.table_names()]

"""Roles as groups, and what each may do. Source: ASVS 8.2 and separation of duties."""

from enum import StrEnum
from typing import Any

from django.apps import AppConfig, apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import connections


class Role(StrEnum):
    INTAKE = "intake"
    OFFICER = "officer"
    APPROVER = "approver"
    COMMUNICATOR = "communicator"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    SERVICE = "service"


OF_THE_UNIT = frozenset({Role.INTAKE, Role.OFFICER})
OF_THE_AGENCY = frozenset({Role.APPROVER, Role.AUDITOR, Role.COMMUNICATOR})
SOLE = frozenset({Role.ADMINISTRATOR, Role.SERVICE})

ROLES: dict[str, tuple[str, ...]] = {
    Role.INTAKE: (
        "cases.view_case",
        "cases.add_case",
        "cases.view_restricted",
        "cases.view_foundchild",
        "cases.add_foundchild",
        "tips.take_call",
        "trust.view_task",
        "trust.view_shift",
        "trust.add_glass",
        "trust.view_glass",
        "trust.view_signin",
    ),
    Role.OFFICER: (
        "cases.view_case",
        "cases.add_case",
        "cases.change_case",
        "cases.accept_case",
        "cases.close_case",
        "cases.hold_case",
        "cases.join_case",
        "cases.transfer_case",
        "cases.view_restricted",
        "cases.view_foundchild",
        "cases.add_foundchild",
        "cases.change_foundchild",
        "alerts.view_alert",
        "alerts.view_version",
        "alerts.draft_version",
        "alerts.propose_version",
        "alerts.send_at_once",
        "alerts.stop_alert",
        "alerts.record_answer",
        "alerts.view_order",
        "alerts.add_order",
        "alerts.view_statement",
        "alerts.draft_statement",
        "tips.view_tip",
        "tips.triage_tip",
        "tips.second_tip",
        "tips.ask_reveal",
        "tips.freeze_media",
        "tips.take_call",
        "tips.view_footage",
        "tips.add_footage",
        "notifier.view_batch",
        "notifier.view_post",
        "trust.view_task",
        "trust.finish_task",
        "trust.view_decision",
        "trust.view_shift",
        "trust.add_glass",
        "trust.view_glass",
        "trust.view_signin",
    ),
    Role.APPROVER: (
        "cases.view_case",
        "cases.hold_case",
        "cases.join_case",
        "cases.transfer_case",
        "cases.view_stepcount",
        "cases.view_restricted",
        "cases.view_foundchild",
        "cases.change_foundchild",
        "alerts.view_alert",
        "alerts.view_version",
        "alerts.sign_version",
        "alerts.return_version",
        "alerts.refuse_version",
        "alerts.send_at_once",
        "alerts.view_emergencies",
        "alerts.stop_alert",
        "alerts.record_answer",
        "alerts.view_order",
        "alerts.add_order",
        "alerts.release_hold",
        "alerts.view_statement",
        "alerts.draft_statement",
        "alerts.sign_statement",
        "tips.view_tip",
        "tips.second_tip",
        "tips.grant_reveal",
        "tips.freeze_media",
        "tips.open_frozen",
        "tips.export_custody",
        "tips.view_footage",
        "notifier.view_batch",
        "notifier.view_post",
        "trust.view_task",
        "trust.finish_task",
        "trust.view_decision",
        "trust.view_shift",
        "trust.add_shift",
        "trust.change_shift",
        "trust.delete_shift",
        "trust.add_glass",
        "trust.view_glass",
        "trust.view_signin",
    ),
    Role.COMMUNICATOR: (
        "alerts.view_alert",
        "alerts.view_version",
        "alerts.record_answer",
        "alerts.view_statement",
        "alerts.draft_statement",
        "alerts.view_relay",
        "alerts.add_relay",
        "alerts.change_relay",
        "notifier.view_batch",
        "notifier.view_post",
        "trust.view_signin",
    ),
    Role.AUDITOR: (
        "alerts.view_emergencies",
        "trust.view_auditentry",
        "trust.view_seal",
        "trust.view_decision",
        "trust.view_task",
        "trust.view_shift",
        "notifier.view_batch",
        "notifier.view_post",
        "trust.view_glass",
        "trust.view_grant",
        "trust.view_readingflag",
        "trust.judge_readingflag",
        "trust.view_signin",
    ),
    Role.ADMINISTRATOR: (
        "trust.view_officer",
        "trust.add_officer",
        "trust.change_officer",
        "trust.view_agency",
        "trust.change_agency",
        "trust.view_unit",
        "trust.add_unit",
        "trust.change_unit",
        "trust.view_shift",
        "trust.add_shift",
        "trust.change_shift",
        "trust.delete_shift",
        "alerts.view_partner",
        "alerts.add_partner",
        "alerts.change_partner",
        "django_celery_beat.view_periodictask",
        "notifier.view_aliashealth",
        "alerts.view_relay",
        "alerts.add_relay",
        "alerts.change_relay",
        "trust.view_grant",
        "trust.decide_grant",
        "trust.view_signin",
    ),
    Role.SERVICE: (),
}


def sync(sender: AppConfig, **kwargs: Any) -> None:
    """Make each role's group hold exactly the permissions above (after each migrate, at its last app)."""
    using = kwargs["using"]
    configs = [config for config in apps.get_app_configs() if config.models_module]
    if (
        sender.name != configs[-1].name
        or Group._meta.db_table not in connections[using].introspection.table_names()
    ):
        return
    create_permissions(sender, using=using, verbosity=0)  # Django's own listener may come after this one
    rows = Permission.objects.using(using).values_list("content_type__app_label", "codename", "pk")
    known = {f"{label}.{codename}": pk for label, codename, pk in rows}
    for role, permissions in ROLES.items():
        group, _ = Group.objects.using(using).get_or_create(name=str(role))
        group.permissions.set([known[name] for name in permissions if name in known])

"""The report in the reader's language, as sections and tables ready to be set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from alerts.after import labels
from alerts.after.alert_sheet import alert_sections, clock_table, duration_table, table
from alerts.after.as_pdf import Section, Sheet
from alerts.after.labels import said
from alerts.after.model import AIM_S, Report
from alerts.after.voice import Voice
from cases import vocabulary
from cases.models import FiledHow
from cases.sheet import language
from trust.names import in_language
from trust.register_admin import role_name

LINES = 22  # to write on, at the end: a page
FOUND = "child_found"


def sheet(report: Report, zone: ZoneInfo) -> Sheet:
    """Return the report in the active language, with hours in the zone."""
    code, voice = language(), Voice(report.people, zone)
    title = _("Report so far") if report.is_so_far else _("Report after the case")
    told = {"at": voice.moment(report.made_at), "who": voice.who(report.made_by), "zone": zone.key}
    return Sheet(
        language=code,
        is_rtl=bool(get_language_info(code)["bidi"]),
        title=f"{title} · {report.reference}",
        subtitle=_("Made %(at)s by %(who)s. Not for the public. Hours of %(zone)s.") % told,
        footer=report.reference,
        facts=tuple(_facts(report)),
        sections=tuple(_sections(report, voice)),
    )


def _facts(report: Report) -> Iterator[tuple[str, str]]:
    code = language()
    yield _("Unit"), f"{in_language(report.unit)} · {in_language(report.agency)}"
    yield _("State"), labels.state(report.state)
    if report.category:
        yield _("Kind of case"), vocabulary.label("category", report.category, code) or report.category
    yield _("Reported"), str(dict(FiledHow.choices).get(report.filed_how, report.filed_how))
    for child in report.children:
        sex = vocabulary.label("sex", child.sex, code)
        age = _("%(age)s years") % {"age": child.age} if child.age is not None else ""
        yield _("Child"), " · ".join(filter(None, [*child.names, sex, age])) or "—"
    if not report.is_named:
        yield _("Names"), _("left out: accounts and roles stand for people")


def _sections(report: Report, voice: Voice) -> Iterator[Section]:
    yield Section(_("Clocks"), table=clock_table(report.clocks, voice))
    yield Section(
        _("Durations"),
        notes=(_("Aim: %(minutes)s minutes.") % {"minutes": AIM_S // 60},),
        table=duration_table(report.durations),
    )
    for part in report.alerts:
        yield from alert_sections(part, voice)
    yield from _decided(report, voice)
    yield _checks(report, voice)
    yield Section(
        _("What the public told"),
        notes=() if report.tips else (_("No tip was counted."),),
        table=table((_("State"), _("Number")), ((k, str(n)) for k, n in report.tips.items()), (3, 1)),
    )
    yield Section(_("What led to the child"), notes=tuple(_led(report)))
    yield _acts(report, voice)
    yield _accounts(report)
    yield Section(
        _("Lessons"), notes=(_("To be written by hand: what to keep, what to change."),), lines=LINES
    )


def _decided(report: Report, voice: Voice) -> Iterator[Section]:
    rows = (
        (
            said(labels.DECISIONS, line.act),
            voice.acted(line.asked_at, line.asked_by),
            voice.acted(line.decided_at, line.decided_by) if line.outcome != "decided" else "—",
            " · ".join(filter(None, [said(labels.OUTCOMES, line.outcome), labels.ground(line.ground)])),
        )
        for line in report.decisions
    )
    heads = (_("Decision"), _("Asked"), _("Decided"), _("Outcome"))
    yield Section(_("Decisions"), table=table(heads, rows, (3, 4, 4, 3)))
    orders = tuple(
        (
            labels.order(line.kind),
            f"{labels.order(line.office)} · {labels.order(line.how)}",
            voice.moment(line.given_at),
            voice.acted(line.recorded_at, line.recorded_by),
            voice.moment(line.released_at),
        )
        for line in report.orders
    )
    if orders:
        heads_of_orders = (_("Order"), _("By"), _("Given"), _("Recorded"), _("Released"))
        yield Section(_("Orders of magistrates"), table=table(heads_of_orders, orders, (3, 3, 3, 4, 3)))


def _checks(report: Report, voice: Voice) -> Section:
    rows = (
        (
            vocabulary.label("place_kind", line.kind, language()) or "—",
            " · ".join(filter(None, [labels.check(line.how), labels.check(line.thoroughness)])),
            labels.check(line.result),
            str(line.minutes) if line.minutes is not None else "—",
            voice.moment(line.at),
        )
        for line in report.checks
    )
    heads = (_("Place"), _("How"), _("Result"), _("Minutes"), _("Hour"))
    notes = () if report.checks else (_("No place was checked."),)
    return Section(_("Places checked"), notes, table(heads, rows, (6, 6, 6, 3, 7)))


def _led(report: Report) -> Iterator[str]:
    code = language()
    outcome = vocabulary.label("outcome", report.outcome, code) or _("The case is not closed yet.")
    yield _("Outcome: %(outcome)s") % {"outcome": outcome}
    for line in report.checks:
        if line.result == FOUND:
            place = vocabulary.label("place_kind", line.kind, code) or "—"
            yield _("The child was at a place that was checked: %(place)s") % {"place": place}


def _acts(report: Report, voice: Voice) -> Section:
    rows = (
        (
            voice.moment(act.at),
            said(labels.ACTIONS, act.action),
            voice.who(act.actor) if act.actor else "—",
            _roles(act.roles),
            act.reason or "—",
        )
        for act in report.acts
    )
    heads = (_("Hour"), _("Act"), _("Who"), _("Role"), _("Code"))
    looks = _("Besides, the log holds looks at these pages: %(count)s") % {"count": report.looks}
    return Section(_("Who did what"), (looks,), table(heads, rows, (6, 9, 4, 4, 5)))


def _accounts(report: Report) -> Section:
    rows = ((one.id, one.name or "—", _roles(one.roles)) for one in report.people)
    return Section(_("Accounts"), table=table((_("Account"), _("Name"), _("Roles")), rows, (4, 3, 3)))


def _roles(roles: Iterable[str]) -> str:
    return _(", ").join(map(role_name, roles)) or "—"

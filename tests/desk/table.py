"""Who may do what under /police/: one row for every address, and what each answers to whom.

An address that is not here fails tests/desk/test_every_door.py; so does a row whose address is gone.
docs/who-may-what.md is made of it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from tests.desk.doors_world import FOREIGN, OWN, Person
from trust.roles import OF_THE_AGENCY, OF_THE_UNIT, ROLES, Role

STRANGERS = ("nobody", "inactive")
NO_ROLE = ("superuser", Role.SERVICE)  # signed in, and no person with a role: no page of the desk opens
NOBODY = "nobody"
CLOSED = (403, 405)  # answers that ask neither right nor row


class To(Enum):
    """Say who is let in at all."""

    ALL = "everybody, signed in or not"
    ACCOUNT = "whoever is signed in, for the own account"
    DESK = "whoever has a role"


@dataclass(frozen=True)
class Row:
    """Hold what an address asks and answers.

    right: permissions or "role:<role>", parted by " or " and then by " and "; "" asks none, NOBODY lets
    nobody in.
    right_to_act: that of a POST where it is another. stage: which row of doors_world.World opens it. post
    None: as a GET. act: what the log holds after an allowed POST. done_by: for which roles or persons it is
    done; a domain rule refuses the others, in words or with the status `refused`. marks: what a look itself
    does. without, without_act, beyond: the answers to whoever lacks the right, that to act, and for rows
    outside the scope; scope_first where the row is looked for before the right. of_force: the row is
    the whole force's, whichever unit somebody is of.
    """

    right: str = ""
    stage: str = ""
    right_to_act: str = ""
    get: int = 200
    post: int | None = None
    act: str = ""
    done_by: tuple[str, ...] = tuple(Role)
    refused: int = 0
    marks: str = ""
    without: int = 403
    without_act: int = 403
    beyond: int = 404
    scoped: bool = False
    scope_first: bool = False
    of_force: bool = False
    to: To = To.DESK
    inside: tuple[int, int] | None = None  # To.ALL: GET and POST of somebody signed in, where they differ

    def holds(self, role: str, method: str = "get") -> bool:
        """Say whether the role has one of the rights."""
        right = (self.right_to_act if method == "post" else "") or self.right
        given = ROLES.get(role, ())
        held = {f"role:{role}", *given}
        return not right or all(held & set(either.split(" or ")) for either in right.split(" and "))

    def own(self, method: str) -> int:
        """Return the answer to whoever may."""
        return self.get if method == "get" or self.post is None else self.post


def expected(row: Row, method: str, who: Person) -> int:
    """Return the status that the table says."""
    is_stranger = who.role in STRANGERS
    if row.to is To.ALL:
        return row.inside[method == "post"] if row.inside and not is_stranger else row.own(method)
    if is_stranger:
        return 302
    if row.to is To.ACCOUNT:
        return row.own(method)
    if who.role in NO_ROLE:
        return 302
    return _of_the_desk(row, method, who)


def _of_the_desk(row: Row, method: str, who: Person) -> int:
    if row.own(method) in CLOSED:
        return row.own(method)
    if row.scope_first and not reaches(row, who):
        return row.beyond
    if not row.holds(who.role):
        return row.without
    if not row.holds(who.role, method):
        return row.without_act
    if not reaches(row, who):
        return row.beyond
    return row.own(method) if does(row, who) or not row.refused else row.refused


def does(row: Row, who: Person) -> bool:
    """Say whether the act is this person's to do, once right and scope are there."""
    return who.role in row.done_by or str(who) in row.done_by


def reaches(row: Row, who: Person) -> bool:
    """Say whether the row of the unit of Agdal is within the scope of a role at that place."""
    if not row.scoped:
        return True
    if row.of_force and who.role in OF_THE_UNIT:
        return who.place != FOREIGN
    if who.role == Role.ADMINISTRATOR:
        return row.holds(who.role)  # the roster: no other row with a unit is an administrator's
    if who.role in OF_THE_AGENCY:
        return who.place != FOREIGN
    return who.role in OF_THE_UNIT and who.place == OWN


def is_allowed(row: Row, method: str, who: Person) -> bool:
    """Say whether the person gets past right and scope."""
    if row.own(method) in CLOSED:
        return False
    if row.to is not To.DESK:
        return row.to is To.ALL or who.role not in STRANGERS
    return who.role in set(Role) - set(NO_ROLE) and row.holds(who.role, method) and reaches(row, who)


def verb(right: str, stage: str, act: str, **more: object) -> Row:
    """Return the row of a button: never a link, done by POST alone, back to a page after it."""
    return replace(Row(right, stage, get=405, post=302, act=act, scoped=True), **more)  # type: ignore[arg-type]


def form(right: str, stage: str, act: str, **more: object) -> Row:
    """Return the row of a page that asks first and acts on POST."""
    return replace(Row(right, stage, post=302, act=act, scoped=True), **more)  # type: ignore[arg-type]


def page(right: str, stage: str, **more: object) -> Row:
    """Return the row of a page that only shows."""
    return replace(Row(right, stage, scoped=True), **more)  # type: ignore[arg-type]


def register(
    label: str, view: str, stage: str, *, scoped: bool = True, **own: Row
) -> Iterator[tuple[str, Row]]:
    """Yield the six addresses Django gives a register: read-only but for the rows given.

    The bare address leads to the page of the row; Django looks for a row before it asks for the right, and
    leads away from one that is out of scope.
    """
    stock = {
        "changelist": Row(view),
        "add": Row(NOBODY),
        "history": Row(view, stage, beyond=302, scoped=scoped, scope_first=True),
        "delete": Row(NOBODY, stage),
        "change": Row(view, stage, post=403, beyond=302, scoped=scoped),
        "bare": Row("", stage, get=302),
    }
    yield from ((f"{label}_{name}", own.get(name, row)) for name, row in stock.items())


STATEMENT, WRITES, SIGNS = (
    "alerts.view_statement", "alerts.draft_statement", "alerts.sign_statement",
)  # fmt: skip
CASE, ALERT, VERSION = "cases.view_case", "alerts.view_alert", "alerts.view_version"
PLANNERS = ("administrator", "approver, own unit", "approver, another unit of the force")
REGISTRARS = ("administrator", "communicator, own unit", "communicator, another unit of the force")
PLAN, LEFT = "trust.change_shift", "officer.logged_out"
ADMIN = {"scoped": False}

ACCOUNT: Mapping[str, Row] = {
    "account_login": Row(to=To.ALL, inside=(302, 302)),
    "account_logout": Row(to=To.ALL, get=302, inside=(200, 302), marks=LEFT),
    "account_reauthenticate": Row(to=To.ALL, get=302, inside=(200, 200)),
    "account_change_password": Row(to=To.ACCOUNT),
    "choose_language": Row(to=To.ALL, get=405, post=302),
    "mfa_index": Row(to=To.ACCOUNT, post=405),
    "mfa_authenticate": Row(to=To.ALL, get=302),
    "mfa_reauthenticate": Row(to=To.ALL, get=302, inside=(200, 200)),
    "mfa_reauthenticate_webauthn": Row(to=To.ALL, get=302),
    # allauth asks for the password or a factor again before it changes what signs in
    "mfa_activate_totp": Row(to=To.ACCOUNT, get=302),
    "mfa_deactivate_totp": Row(to=To.ACCOUNT, get=302),
    "mfa_generate_recovery_codes": Row(to=To.ACCOUNT, get=302),
    "mfa_view_recovery_codes": Row(to=To.ACCOUNT, get=404, post=405),
    "mfa_download_recovery_codes": Row(to=To.ACCOUNT, get=404),
    "mfa_list_webauthn": Row(to=To.ACCOUNT, post=405),
    "mfa_add_webauthn": Row(to=To.ACCOUNT, get=302),
    "mfa_remove_webauthn": Row(to=To.ACCOUNT, get=302),
    "mfa_edit_webauthn": Row(to=To.ACCOUNT, get=302),
}
SITE: Mapping[str, Row] = {
    "index": Row(),
    "login": Row(to=To.ALL, get=302),
    "logout": Row(get=405, post=200, marks=LEFT),
    "password_change": Row(to=To.ACCOUNT, get=302),
    "password_change_done": Row(post=405),
    "autocomplete": Row(NOBODY, post=405),
    "jsi18n": Row(post=405),
    "app_list": Row("cases.view_case or cases.view_stepcount or role:administrator", without=404),
    "nowhere": Row(get=404),
}
CASES: Mapping[str, Row] = {
    **dict(register("cases_case", CASE, "open", change=page(CASE, "open"))),
    **dict(
        register(
            "cases_stepcount", "cases.view_stepcount or role:administrator", "stepcount", scoped=False
        )
    ),
    "cases_case_file": Row("cases.add_case", act="case.received"),
    "cases_case_accept": verb("cases.accept_case", "received", "case.accepted"),
    "cases_case_spoken": verb("cases.accept_case", "review", "case.called_back"),
    "cases_case_open": verb("cases.accept_case", "review", "case.opened"),
    "cases_case_write": verb("cases.change_case", "open", "case.police_wrote"),
    "cases_case_close": form("cases.close_case", "open", "case.closed"),
    "cases_case_conflict": verb("cases.change_case", "open", "case.conflict_set"),
    "cases_case_settle": form(
        "role:approver", "disputed", "case.conflict_settled", scope_first=True
    ),
    "cases_case_secret": form("cases.change_case", "open", "case.secret_renewed", post=200),
    "cases_case_same": form("cases.join_case", "open", "case.merged"),
    "cases_case_different": verb("cases.join_case", "open", "case.resemblance_decided"),
    "cases_case_tell": form("cases.add_case", "open", "case.told"),
    "cases_case_tell_child": form("cases.add_case", "open", "case.told"),
    "cases_case_photo": page(CASE, "open"),
    "cases_case_voice": page(CASE, "open"),
    "cases_case_take": verb("cases.hold_case", "offered", "task.finished"),
    "cases_case_offer": verb("cases.hold_case", "open", "case.hand_over_offered", done_by=(Role.OFFICER,)),
    "cases_case_transfer": form("cases.transfer_case", "open", "case.transfer_asked"),
    "cases_case_call_off": verb("cases.transfer_case", "asked away", "case.transfer_called_off"),
    "cases_case_override": verb("cases.accept_case", "review", "case.verification_overridden"),
    "cases_case_check": form("cases.change_case", "open", "place.check_asked"),
    "cases_case_checked": verb("cases.change_case", "open", "place.checked"),
    "cases_case_sight": form("cases.change_case", "open", "sighting.added"),
    "cases_case_unsight": verb("cases.change_case", "sighted", "sighting.withdrawn"),
    "cases_case_file_post": Row("cases.add_case", post=302, act="case.post_noted"),
    "cases_case_capture": page("cases.view_restricted", "seen"),
    # for whoever holds a case beyond the own unit, which Ines does
    "cases_case_bring": verb(
        "cases.transfer_case", "held beyond", "case.transfer_asked", scoped=False,
        done_by=("officer, own unit",), refused=404,
    ),
    "cases_case_transfer_answer": form("cases.transfer_case", "asked of us", "case.owner_changed"),
}  # fmt: skip
FOUND = "cases.view_foundchild"
FOUND_CHILDREN: Mapping[str, Row] = {
    **dict(
        register(
            "cases_foundchild", FOUND, "found",
            add=Row("cases.add_foundchild", post=302, act="found.filed"),
            change=page(FOUND, "found"),
        )
    ),
    "cases_foundchild_match": form(
        FOUND, "match", "found.match_decided", right_to_act="cases.join_case", without=404, scope_first=True
    ),
    "cases_foundchild_tell": form("cases.change_foundchild", "found", "found.told"),
    "cases_foundchild_photo": page(FOUND, "found"),
    "cases_foundchild_close": verb("cases.change_foundchild", "found", "found.closed"),
    "cases_foundchild_reopen": verb("cases.change_foundchild", "found before", "found.reopened"),
}  # fmt: skip
ALERTS: Mapping[str, Row] = {
    **dict(register("alerts_alert", ALERT, "live", change=page(ALERT, "live"))),
    **dict(register("alerts_version", VERSION, "proposed", change=page(VERSION, "proposed"))),
    "alerts_alert_draft": form("alerts.draft_version", "review", "version.drafted"),
    "alerts_alert_decline": form("alerts.draft_version", "review", "case.declined"),
    "alerts_alert_update": form("alerts.draft_version", "live", "version.drafted"),
    "alerts_alert_stop": form("alerts.stop_alert", "live", "alert.ended"),
    "alerts_alert_ledger": page(ALERT, "live", post=405),
    "alerts_alert_of_post": page(ALERT, "post", get=302),
    "alerts_alert_removed": form("trust.finish_task", "owed", "post.removed_by_hand"),
    "alerts_alert_after_pdf": page(ALERT, "live", post=405, marks="report.exported"),
    "alerts_alert_after_json": page(ALERT, "live", post=405, marks="report.exported"),
    "alerts_alert_after_pdf_named": page(f"{ALERT} and {CASE}", "live", post=405, marks="report.exported"),
    "alerts_alert_after_json_named": page(f"{ALERT} and {CASE}", "live", post=405, marks="report.exported"),
    "alerts_version_revise": form("alerts.draft_version", "draft", "version.revised"),
    "alerts_version_propose": verb("alerts.propose_version", "draft", "version.proposed"),
    "alerts_version_sign": verb("alerts.sign_version", "proposed", "version.signed", get=302),
    "alerts_version_return": verb("alerts.return_version", "proposed", "version.returned"),
    "alerts_version_refuse": verb("alerts.refuse_version", "proposed", "version.refused"),
    "alerts_version_photo": page(VERSION, "proposed"),
    "alerts_version_ask_release": verb("alerts.draft_version", "worded", "release.asked"),
    "alerts_version_release": page(VERSION, "asked release"),
    "alerts_version_release_grant": verb("alerts.sign_version", "asked release", "release.granted", get=302),
    "alerts_version_release_refuse": verb("alerts.sign_version", "asked release", "release.refused"),
    "alerts_version_emergencies": Row("alerts.view_emergencies", post=405),
    "alerts_version_at_once": form(
        "alerts.send_at_once", "urgent", "version.provisional", done_by=(Role.OFFICER,), refused=302
    ),
    **dict(register("alerts_order", "alerts.view_order", "order", change=page("alerts.view_order", "order"))),
    "alerts_order_record": form("alerts.add_order", "review", "order.recorded"),
    "alerts_order_hold": form("alerts.stop_alert and alerts.add_order", "review", "order.recorded"),
    "alerts_order_scan": page("alerts.view_order", "order"),
    "alerts_order_release": verb("alerts.add_order and alerts.stop_alert", "hold", "order.release_asked"),
    "alerts_order_decide": form("alerts.release_hold", "hold to release", "order.released"),
    **dict(register("alerts_statement", STATEMENT, "statement", change=page(STATEMENT, "statement"))),
    "alerts_statement_new": Row(WRITES, post=302, act="statement.drafted"),
    "alerts_statement_find": Row(STATEMENT),
    "alerts_statement_edit": form(WRITES, "statement draft", "statement.edited"),
    "alerts_statement_propose": verb(WRITES, "statement draft", "statement.proposed"),
    "alerts_statement_sign": verb(SIGNS, "statement", "statement.signed", get=302),
    "alerts_statement_refuse": verb(SIGNS, "statement", "statement.refused"),
    "alerts_statement_again": verb(WRITES, "statement refused", "statement.drafted"),
    "alerts_statement_ask_withdrawal": verb(
        f"{WRITES} or {SIGNS}", "statement signed", "statement.withdrawal_asked"
    ),
    "alerts_statement_withdraw": verb(SIGNS, "statement to withdraw", "statement.withdrawn", get=302),
    "alerts_statement_keep": verb(SIGNS, "statement to withdraw", "statement.kept"),
    "alerts_statement_communique": Row(WRITES, post=302, act="statement.drafted"),
    "alerts_statement_communique_alert": verb(WRITES, "live", "statement.drafted"),
}
NOTIFIER: Mapping[str, Row] = {
    **dict(register("notifier_batch", "notifier.view_batch", "batch")),
    **dict(register("notifier_post", "notifier.view_post", "post")),
    **dict(register("notifier_aliashealth", "notifier.view_aliashealth", "gateway", scoped=False)),
}
VIEW_TIP, TRIAGE = "tips.view_tip", "tips.triage_tip"
TIPS: Mapping[str, Row] = {
    **dict(register(
        "tips_tip", VIEW_TIP, "tip",
        change=page(VIEW_TIP, "tip", marks="tip.moved"),
    )),
    "tips_tip_questions": verb(TRIAGE, "tip", "tip.checked"),
    "tips_tip_reply": verb(TRIAGE, "tip", "tip.replied"),
    "tips_tip_sighting": form(TRIAGE, "tip", "tip.made_sighting"),
    "tips_tip_case": form(f"{TRIAGE} and cases.add_case", "tip", "tip.made_case"),
    "tips_tip_hand": form(TRIAGE, "tip", "tip.handed_over"),
    "tips_tip_taken": form(TRIAGE, "tip given", "tip.acknowledged"),
    "tips_tip_back": form(TRIAGE, "tip given", "tip.sent_back"),
    "tips_tip_reopen": form(TRIAGE, "tip closed", "tip.reopened"),
    "tips_tip_close": form(TRIAGE, "tip", "tip.moved"),
    "tips_tip_second": form("tips.second_tip", "tip asked", "tip.close_agreed"),
    "tips_tip_statement": form(f"{TRIAGE} and alerts.draft_statement", "tip", "tip.refuted"),
    # an approver answers what an officer asked, and asks nothing
    "tips_tip_reveal": form(
        "tips.ask_reveal or tips.grant_reveal", "tip", "tip.reveal_asked", done_by=(Role.OFFICER,)
    ),
    "tips_tip_copy": page(VIEW_TIP, "tip"),
    "tips_tip_still": page(VIEW_TIP, "tip"),
    "tips_tip_like": page(VIEW_TIP, "tip"),
    "tips_tip_verdict": form(TRIAGE, "tip", "attachment.verdict"),
    "tips_tip_known": form("tips.add_footage", "tip", "footage.added"),
    "tips_tip_freeze": form("tips.freeze_media", "tip", "attachment.frozen"),
    "tips_tip_frozen": form("tips.open_frozen", "tip shut", "attachment.frozen_open_asked"),
    # nobody has been granted it: refused in words
    "tips_tip_look": verb("tips.open_frozen", "tip shut", "attachment.frozen_opened", done_by=()),
    "tips_tip_export": form("tips.export_custody", "tip", "attachment.exported", post=200),
    "tips_call": Row("tips.take_call", act="tip.received"),
    "tips_call_look": Row("tips.take_call", get=405, post=200),
    "tips_found": Row("tips.take_call", act="tip.received"),
}  # fmt: skip
TRUST: Mapping[str, Row] = {
    **dict(
        register(
            "trust_shift", "trust.view_shift", "shift",
            # an approver plans for the own agency alone, which this body does not name
            add=Row("trust.add_shift", post=302, act="shift.planned", done_by=PLANNERS, refused=200),
            change=form(
                "trust.view_shift", "shift", "shift.changed", right_to_act=PLAN, beyond=302
            ),
            delete=form("trust.delete_shift", "shift", "shift.removed", beyond=302),
        )
    ),
    "trust_shift_copy": Row("trust.add_shift", get=405, post=302, without=302),
    **dict(register("trust_agency", "trust.view_agency", "agency", scoped=False,
                    change=form("trust.change_agency", "agency", "unit.changed", **ADMIN))),
    **{name: replace(row, of_force=True) for name, row in register(
        "alerts_relay", "alerts.view_relay", "relay",
        add=Row("alerts.add_relay", post=302, act="relay.changed", done_by=REGISTRARS, refused=200),
        change=form("alerts.change_relay", "relay", "relay.changed", beyond=302))},
    "alerts_alert_relay": form("alerts.record_answer", "told relay", "relay.acknowledged"),
    "alerts_alert_dossier": form("alerts.record_answer", "dossier", "programme.sent"),
    "alerts_alert_dossier_file": page(
        "alerts.record_answer", "dossier", post=405, marks="programme.exported"
    ),
    **dict(register("alerts_partner", "alerts.view_partner", "partner", scoped=False,
                    add=Row("alerts.add_partner", post=302, act="partner.changed"),
                    change=form("alerts.change_partner", "partner", "partner.changed", **ADMIN))),
    **dict(register("trust_unit", "trust.view_unit", "unit", scoped=False,
                    add=Row("trust.add_unit", post=302, act="unit.changed"),
                    change=form("trust.change_unit", "unit", "unit.changed", **ADMIN))),
    **dict(register("trust_officer", "trust.view_officer", "officer", scoped=False,
                    add=Row("trust.add_officer", post=302, act="officer.enrolled"),
                    change=form("trust.change_officer", "officer", "officer.changed", **ADMIN))),
    "trust_officer_password": form(
        "trust.change_officer", "officer", "officer.password_issued", post=200, **ADMIN
    ),
    "trust_officer_factor": form("trust.change_officer", "officer", "grant.asked", get=302, **ADMIN),
    "trust_officer_sessions": verb("trust.change_officer", "officer", "session.all_ended", **ADMIN),
    **dict(register("trust_grant", "trust.view_grant", "grant", scoped=False,
                    change=Row("trust.view_grant", "grant", without=404))),
    "trust_grant_give": verb(
        "", "grant", "grant.given", right_to_act="trust.decide_grant", get=302, **ADMIN
    ),
    "trust_grant_refuse": verb("trust.decide_grant", "grant", "grant.refused", **ADMIN),
    # whoever asked, and nobody else: refused in words to these
    "trust_grant_call_off": verb("trust.decide_grant", "grant", "grant.called_off", done_by=(), **ADMIN),
    **dict(register("trust_glass", "trust.view_glass", "glass",
                    add=Row("trust.add_glass", post=302, act="glass.broken"),
                    change=Row(get=404),
                    history=Row("role:auditor", "glass", beyond=302, scoped=True, without=302))),
    **dict(register("trust_readingflag", "trust.view_readingflag", "flag",
                    change=form("trust.view_readingflag", "flag", "reading.judged", marks="reading.looked"))),
    # the own sessions alone: the row at hand is a stranger's
    **dict(register("trust_signin", "trust.view_signin", "signin", scoped=False,
                    change=Row(get=404), history=Row(get=302))),
    "trust_signin_end_others": Row("trust.view_signin", get=405, post=302, act="session.others_ended"),
    **dict(register("trust_task", "trust.view_task", "task",
                    change=page("trust.view_task", "task", scope_first=True, without=404))),
    "trust_task_finish": verb("trust.finish_task", "task", "task.finished", without=404),
    **dict(register("trust_auditentry", "trust.view_auditentry", "auditentry", scoped=False)),
    **dict(register("django_celery_beat_periodictask", "django_celery_beat.view_periodictask",
                    "periodictask", scoped=False)),
}  # fmt: skip
CHAPTERS: Mapping[str, Mapping[str, Row]] = {
    "cases": CASES, "found children": FOUND_CHILDREN, "alerts": ALERTS, "sendings": NOTIFIER, "tips": TIPS,
    "people and log": TRUST, "the site": SITE, "the own account": ACCOUNT,
}  # fmt: skip
TABLE: Mapping[str, Row] = {name: row for rows in CHAPTERS.values() for name, row in rows.items()}
# What a look leaves in the log: the only thing that a GET may write.
LOOKS = frozenset({"viewed", "case.list_read", "tip.list_read", "found.list_read", "audit.read"})

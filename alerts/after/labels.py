"""The report's codes in the words of its reader; a code without words shows itself."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alerts.ledger import words
from alerts.models import Alert, Decline, Order, Release, Version
from cases.models import CaseState, VerificationOverride
from cases.models.check import PlaceCheck

CLOCKS: Mapping[str, Promise] = {
    "last_seen": gettext_lazy("Last seen"),
    "reported": gettext_lazy("Reported"),
    "received": gettext_lazy("Arrived at the desk"),
    "spoken": gettext_lazy("Spoken with the family"),
    "accepted": gettext_lazy("Accepted"),
    "first_place_checked": gettext_lazy("First place checked"),
    "closed": gettext_lazy("Closed"),
    "drafted": gettext_lazy("Drafted"),
    "proposed": gettext_lazy("Proposed"),
    "signed": gettext_lazy("Signed, or sent by one person"),
    "first_accepted": gettext_lazy("First message taken by a gateway"),
    "last_message": gettext_lazy("Last message handed over"),
    "ended": gettext_lazy("Ended"),
    "end_told": gettext_lazy("Last person told that it is over"),
    "last_recall": gettext_lazy("Last post taken back"),
}
DURATIONS: Mapping[str, Promise] = {
    "last_seen_to_report": gettext_lazy("From last seen to the report"),
    "report_to_spoken": gettext_lazy("From the report to the family’s voice"),
    "report_to_accept": gettext_lazy("From the report to its acceptance"),
    "report_to_first_place_checked": gettext_lazy("From the report to the first place checked"),
    "report_to_close": gettext_lazy("From the report to the end of the case"),
    "accept_to_propose": gettext_lazy("From acceptance to proposal"),
    "propose_to_sign": gettext_lazy("From proposal to signature"),
    "report_to_sign": gettext_lazy("From the report to the signature"),
    "sign_to_first_accepted": gettext_lazy("From the signature to the first message"),
    "sign_to_last_message": gettext_lazy("From the signature to the last message"),
    "stand_down_to_last_send": gettext_lazy("From the end to the last message that still left"),
    "stand_down_to_end_told": gettext_lazy("From the end to the last person told of it"),
    "stand_down_to_last_recall": gettext_lazy("From the end to the last post taken back"),
}
COUNTS: Mapping[str, Promise] = {
    "targeted": gettext_lazy("To be told"),
    "accepted": gettext_lazy("Accepted by a gateway"),
    "delivered": gettext_lazy("Delivered"),
    "unknown": gettext_lazy("Answer lost"),
    "failed": gettext_lazy("Failed"),
    "withdrawn": gettext_lazy("Held back"),
    "expired": gettext_lazy("Too late"),
    "suppressed": gettext_lazy("Left out"),
    "waiting": gettext_lazy("Waiting"),
}
DECISIONS: Mapping[str, Promise] = {
    "sign": gettext_lazy("Signature of an alert"),
    "emergency": gettext_lazy("Second signature after sending alone"),
    "release": gettext_lazy("Release of words"),
    "release_hold": gettext_lazy("Release of a magistrate’s hold"),
    "withdrawal": gettext_lazy("Consent taken back while the alert lived"),
    "decline": gettext_lazy("Decided not to alert"),
    "verification_override": gettext_lazy("Went on without verification"),
}
OUTCOMES: Mapping[str, Promise] = {
    "open": gettext_lazy("open"),
    "granted": gettext_lazy("granted"),
    "refused": gettext_lazy("refused"),
    "lapsed": gettext_lazy("lapsed"),
    "decided": gettext_lazy("decided by one person"),
}
THINGS = words.THINGS
RECALLS: Mapping[str, Promise] = {
    "done": gettext_lazy("taken back"),
    "owed": gettext_lazy("a person’s task"),
    "impossible": gettext_lazy("cannot be taken back"),
    "asked": gettext_lazy("asked for, not yet done"),
    "never_out": gettext_lazy("never appeared"),
    "out": gettext_lazy("still out"),
}
ACTIONS: Mapping[str, Promise] = {
    "case.received": gettext_lazy("The report arrived"),
    "case.told": gettext_lazy("The file was added to or changed"),
    "case.accepted": gettext_lazy("The report was accepted"),
    "case.opened": gettext_lazy("The search was opened"),
    "case.closed": gettext_lazy("The case was closed"),
    "case.reopened": gettext_lazy("The case was opened again"),
    "case.merged": gettext_lazy("A report was joined to another case"),
    "case.took_in": gettext_lazy("Another report was joined"),
    "case.owner_changed": gettext_lazy("The case passed to another officer"),
    "case.hand_over_offered": gettext_lazy("The case was offered at the end of a shift"),
    "case.owner_stays": gettext_lazy("The officer stayed on the case after the shift"),
    "case.transfer_asked": gettext_lazy("Another unit was asked to take the case"),
    "case.transfer_refused": gettext_lazy("The other unit refused the case"),
    "case.transfer_called_off": gettext_lazy("The question to the other unit was taken back"),
    "case.transferred": gettext_lazy("Another unit took the case"),
    "case.called_back": gettext_lazy("The family was called back"),
    "case.verification_overridden": gettext_lazy("Went on without verification"),
    "case.post_noted": gettext_lazy("A post on a social network was noted"),
    "case.resemblance_decided": gettext_lazy("It was said whether two reports are of one child"),
    "case.erasure_asked": gettext_lazy("The reporter asked to be forgotten"),
    "case.spoken": gettext_lazy("The family was spoken with"),
    "case.thread_opened": gettext_lazy("The family opened its thread"),
    "case.family_wrote": gettext_lazy("The family wrote"),
    "case.police_wrote": gettext_lazy("The police answered"),
    "case.home_reported": gettext_lazy("The family said that the child is home"),
    "case.conflict_set": gettext_lazy("A conflict between guardians was noted"),
    "case.conflict_settled": gettext_lazy("The conflict between guardians was settled"),
    "case.public_changed": gettext_lazy("The case became public, or ceased to be"),
    "case.secret_renewed": gettext_lazy("The family was given a new secret"),
    "case.declined": gettext_lazy("Decided not to alert"),
    "consent.given": gettext_lazy("A guardian allowed publication"),
    "consent.refused": gettext_lazy("A guardian refused publication"),
    "consent.withdrawal_asked": gettext_lazy("A guardian asked to end consent"),
    "consent.withdrawal_left": gettext_lazy("A guardian in conflict asked to end consent: a task"),
    "consent.withdrawn": gettext_lazy("A permission to publish ended"),
    "consent.ran_out": gettext_lazy("A permission to publish ran out"),
    "place.check_asked": gettext_lazy("A place was given out to be checked"),
    "place.checked": gettext_lazy("A place was checked"),
    "alert.live": gettext_lazy("The alert went live"),
    "alert.ended": gettext_lazy("The alert ended"),
    "alert.withheld": gettext_lazy("A channel was left out because consent was gone"),
    "version.drafted": gettext_lazy("An alert was drafted"),
    "version.revised": gettext_lazy("A draft was changed"),
    "version.proposed": gettext_lazy("An alert was proposed"),
    "version.signed": gettext_lazy("An alert was signed"),
    "version.provisional": gettext_lazy("One officer sent an alert alone"),
    "version.returned": gettext_lazy("A proposal was sent back"),
    "version.refused": gettext_lazy("A proposal was refused"),
    "version.lapsed": gettext_lazy("A proposal lapsed"),
    "version.superseded": gettext_lazy("A version was replaced by the next"),
    "release.asked": gettext_lazy("A release of words was asked for"),
    "release.granted": gettext_lazy("Words were released"),
    "release.refused": gettext_lazy("A release of words was refused"),
    "order.recorded": gettext_lazy("A magistrate’s order was recorded"),
    "order.release_asked": gettext_lazy("The release of a hold was asked for"),
    "order.released": gettext_lazy("A hold was released"),
    "order.kept": gettext_lazy("A hold was kept"),
    "post.published": gettext_lazy("A post appeared"),
    "post.edited": gettext_lazy("A post was given the words of an update"),
    "post.edit_refused": gettext_lazy("A provider would not change a post’s words: they were posted anew"),
    "post.removed_by_hand": gettext_lazy("A person took a post back"),
    "post.recalled": gettext_lazy("A post was taken back"),
    "post.recall_task": gettext_lazy("Taking a post back was handed to a person"),
    "report.exported": gettext_lazy("This report was exported"),
}
_CHOICES: Mapping[str, Promise | str] = dict(
    chain(
        CaseState.choices,
        Alert.Kind.choices,
        Alert.State.choices,
        Version.State.choices,
    )
)
_ENDS: Mapping[str, Promise | str] = dict(Alert.End.choices)
_GROUNDS: Mapping[str, Promise | str] = dict(
    chain(
        Decline.Reason.choices,
        VerificationOverride.Ground.choices,
        Version.Ground.choices,
        Release.Field.choices,
    )
)
_CHECKS: Mapping[str, Promise | str] = dict(
    chain(PlaceCheck.Thoroughness.choices, PlaceCheck.How.choices, PlaceCheck.Result.choices)
)
_ORDERS: Mapping[str, Promise | str] = dict(
    chain(Order.Kind.choices, Order.Office.choices, Order.How.choices)
)


def said(words: Mapping[str, Promise | str] | Mapping[str, Promise], code: str) -> str:
    """Return the words for a code, the code itself where it has none."""
    return str(words.get(code, code))


def state(code: str) -> str:
    return said(_CHOICES, code)


def end(code: str) -> str:
    return said(_ENDS, code)


def ground(code: str) -> str:
    return said(_GROUNDS, code)


def check(code: str) -> str:
    return said(_CHECKS, code)


def order(code: str) -> str:
    return said(_ORDERS, code)


def span(seconds: float | None) -> str:
    """Return a duration as it is spoken of: seconds, minutes, hours; a dash for none."""
    if seconds is None:
        return "—"
    sign, whole = ("−" if seconds < 0 else ""), int(abs(seconds))
    hours, minutes, rest = whole // 3600, whole % 3600 // 60, whole % 60
    if hours:
        return sign + _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}
    if minutes:
        return sign + _("%(minutes)s min %(seconds)s s") % {"minutes": minutes, "seconds": rest}
    return sign + _("%(seconds)s s") % {"seconds": rest}

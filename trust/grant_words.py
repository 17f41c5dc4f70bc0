"""What a right is called on a page, and why it was not given."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trust import granting
from trust.models import Unit
from trust.register_admin import role_name

REFUSALS = {
    "own_account": gettext_lazy("Nobody changes or decides on the rights of the own account."),
    "same_person": gettext_lazy("You asked for it yourself: another administrator decides."),
    "no_right": gettext_lazy("You may not do this any more."),
    "no_factor": gettext_lazy("Your second factor was used too long ago. Use it again."),
    "asker_gone": gettext_lazy("Whoever asked for it is no administrator any more: ask for it again."),
    "void": gettext_lazy("This is not what was asked for any more: ask for it again."),
    "expired": gettext_lazy("Seven days are over: ask for it again."),
    "already_decided": gettext_lazy("Somebody else was first. The page now shows how it stands."),
    "not_yours": gettext_lazy("Only whoever asked for it can take it back."),
}


def ground_words(ground: str) -> str:
    """Return a right in words: "the role Approver"."""
    kind, _colon, what = ground.partition(":")
    if kind == granting.ROLE:
        return _("the role “%(role)s”") % {"role": role_name(what)}
    if kind == granting.UNIT:
        unit = Unit.objects.select_related("agency").filter(pk=what).first() if what else None
        where = f"{unit}, {unit.agency}" if unit else "—"
        return _("the unit %(unit)s") % {"unit": where}
    known = {
        granting.ACTIVE: _("an open account"),
        granting.FACTOR: _("a new second factor, the old one being lost"),
    }
    return known.get(kind, ground)


def refused(refusal: Exception) -> str:
    return str(REFUSALS.get(getattr(refusal, "code", ""), _("This is not possible now.")))

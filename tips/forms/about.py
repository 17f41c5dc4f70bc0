"""Which alert a tip is about: one that is live, by its title, or one by its code."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from alerts import render
from alerts.models import Alert, Version
from cases.forms.words import spoken
from trust import clock, formfields
from trust.codes import CodeError, normalise_code

OFFERED = 6
ANOTHER_CHILD = ""
UNKNOWN_CODE = _("No alert has this code. Correct it, or leave it empty: your tip arrives without it too.")


def live() -> list[tuple[str, str]]:
    """Return code and title of the newest live alerts, OFFERED at most (a query, and one an alert)."""
    now = clock.now()
    versions = (
        Version.objects.in_force()
        .filter(alert__in=Alert.objects.public().live(), expires_at__gt=now)
        .select_related("alert", "child")
        .order_by("-sent_at")[: OFFERED * 2]
    )
    named: dict[str, str] = {}
    for version in versions:
        page = render.page(version, spoken(), now) if version.alert.code not in named else None
        if page is not None and len(named) < OFFERED:
            named[version.alert.code] = page.title
    return list(named.items())


def by_code(text: str) -> Alert | None:
    """Return the alert the public knows by this code, also one that is over."""
    try:
        code = normalise_code(text)
    except CodeError:
        return None
    return Alert.objects.public().filter(code=code).first()


class AboutPart(forms.Form):
    """Set `alert`; None for another child, and where nobody said."""

    about = forms.ChoiceField(
        label=_("About which child?"), widget=forms.RadioSelect, required=False, choices=[]
    )
    code = formfields.CodeField(
        label=_("Or the code of the alert"),
        help_text=_("Eight characters, at the end of the message or on the poster."),
        max_length=40,
        required=False,
    )

    alert: Alert | None = None

    def offer_alerts(self) -> None:
        """Fill the choices. An answer that is no longer among them is read as a code."""
        field = self.fields["about"]
        assert isinstance(field, forms.ChoiceField)
        known = live()
        wanted = str((self.data if self.is_bound else self.initial).get("about", ""))
        if wanted and wanted not in dict(known):
            alert = by_code(wanted)
            known += [(wanted, alert.code)] if alert else []
        field.choices = [*known, (ANOTHER_CHILD, _("Another child, or I do not know"))]

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if code and by_code(code) is None:
            raise forms.ValidationError(UNKNOWN_CODE, code="unknown")
        return code

    def check_about(self) -> None:
        """A code that was typed goes before a title that was marked."""
        if "about" in self.errors:  # an alert that has gone meanwhile is no mistake of the witness's
            del self.errors["about"]
        chosen = self.cleaned_data.get("code") or self.cleaned_data.get("about") or ""
        self.alert = by_code(chosen) if chosen else None

    @property
    def offers_alerts(self) -> bool:
        return len(self.fields["about"].choices) > 1  # type: ignore[attr-defined]  # a ChoiceField has them

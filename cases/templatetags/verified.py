"""Who let a case go on although nobody verified it, for any page: {% overridden case as override %}."""

from __future__ import annotations

from django import template

from cases import verification
from cases.models import Case, VerificationOverride

register = template.Library()


@register.simple_tag
def overridden(case: Case) -> VerificationOverride | None:
    """Return the override that alone lets the case be proposed (two queries); None where none is needed."""
    return verification.overridden(case)

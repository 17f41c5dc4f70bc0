"""Names kept in several languages as {language: name}."""

from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import get_language


def in_language(names: Mapping[str, str], language: str | None = None) -> str:
    """Return the name in `language` (default: the active one), else in the first that has one, else ""."""
    wanted = (language or get_language() or "").split("-")[0]
    order = [wanted, *(code for code, _ in settings.LANGUAGES), *names]
    return next((names[code] for code in order if names.get(code)), "")

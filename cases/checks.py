"""What an operator must put right before families report."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register  # noqa: A004  (Django's name)
from django.db import OperationalError, ProgrammingError

from cases import vocabulary
from trust.models import Unit


@register(Tags.database)
def somebody_is_on_duty(
    app_configs: Any, databases: Iterable[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Warn where a report would page nobody."""
    try:
        if not databases or not Unit.objects.exists():
            return []
        if Unit.objects.filter(duty_officer__is_active=True).exists():
            return []
    except (OperationalError, ProgrammingError):  # not migrated yet
        return []
    says = "No unit has an active duty officer: a report would call nobody"
    return [Warning(says, hint="Set one under /police/. See docs/police.md#duty", id="cases.W001")]


@register()
def every_word_is_there(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Warn of a code without a word in a language of the deployment."""
    missing = [
        f"{name}.{code}.{language}"
        for name, codes in vocabulary.lists().items()
        for code, words in codes.items()
        for language, _label in settings.LANGUAGES
        if not words.get(language)
    ]
    if not missing:
        return []
    says = f"vocabulary.toml lacks {', '.join(missing[:5])}"
    return [Warning(says, hint="Add the word. See docs/settings.md#languages", id="cases.W002")]

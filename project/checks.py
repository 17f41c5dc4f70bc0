"""System checks: an operator's mistake stops at start-up with the way to mend it."""

import re
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register  # noqa: A004  Django's own names

from alerts import language
from project import gateway_faults, gateways


@register()
def deployment(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check colours and addresses that pages are made of."""
    found: list[CheckMessage] = []
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", settings.ACCENT_COLOUR):
        found.append(
            Error(
                f"ACCENT_COLOUR: {settings.ACCENT_COLOUR!r} is not a colour",
                hint="Write it as #rrggbb. See docs/settings.md#accent_colour",
                id="project.E001",
            )
        )
    if not re.match(r"https?://[^/]+$", settings.PUBLIC_URL):
        found.append(
            Error(
                f"PUBLIC_URL: {settings.PUBLIC_URL!r} is not an address",
                hint="Write https://host without a path. See docs/settings.md#public_url",
                id="project.E002",
            )
        )
    if settings.PUBLIC_SENDING and not settings.SECURE:
        found.append(
            Warning(
                "PUBLIC_SENDING is on while PUBLIC_URL is not https",
                hint="Serve the site by https before the public is told its address.",
                id="project.W001",
            )
        )
    return found


@register()
def credentials(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Name each gateway that is to reach the public and cannot, and the settings it lacks."""
    if not settings.PUBLIC_SENDING:
        return []
    lacking = {name: gateways.missing(name) for name in settings.GATEWAYS}
    return [
        Error(
            f"{name}: PUBLIC_SENDING is on and {', '.join(settings_lacking)} is not given",
            hint=f"Give it (or NAME_FILE), or leave {name} out of GATEWAYS. See docs/settings.md#gateways",
            id="project.E003",
        )
        for name, settings_lacking in lacking.items()
        if settings_lacking
    ]


@register()
def given(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Name each setting of a gateway that is given and cannot work, and what nobody could be told by."""
    found: list[CheckMessage] = [
        Error(f"{name}: {why}", hint=f"See docs/settings.md#{name.lower()}", id="project.E005")
        for name, why in gateway_faults.faults(settings.GATEWAYS)
    ]
    lacking = gateway_faults.untold([code for code, _name in settings.LANGUAGES])
    if settings.PUBLIC_SENDING and "whatsapp" in settings.GATEWAYS and lacking:
        found.append(
            Warning(
                f"WHATSAPP_TEMPLATES lacks {', '.join(lacking)}: who subscribed there is not told so",
                hint="Hand them in at Meta, and name them once approved. See docs/channels.md",
                id="project.W002",
            )
        )
    return found


@register()
def languages(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Name each sentence that an offered language cannot say while another one can."""
    packs = {code: language.load(code).data for code in language.available()}
    offered = [code for code, _name in settings.LANGUAGES]
    lacking = {
        code: sorted(
            {name for model in packs.values() for name in language.lacking(packs.get(code, {}), model)}
        )
        for code in offered
    }
    found: list[CheckMessage] = [
        Error(
            f"alerts/languages/{code}.toml lacks {', '.join(names)}",
            hint="Write it as the other languages have it, or leave the language out of OFFERED_LANGUAGES.",
            id="project.E004",
        )
        for code, names in lacking.items()
        if names
    ]
    return found + [
        Error(
            f"alerts/languages/{code}.toml names {', '.join(names)}, which no other language has",
            hint="Write the value as the other languages do: nothing can be said with it.",
            id="project.E006",
        )
        for code in offered
        if (names := _strange(code, packs))
    ]


def _strange(code: str, packs: dict[str, Any]) -> list[str]:
    """Return the values that a language names and not one of the others."""
    others = [pack for name, pack in packs.items() if name != code]
    strange = [set(language.misspelt(packs.get(code, {}), other)) for other in others]
    return sorted(set.intersection(*strange)) if strange else []

"""What every template knows of the deployment."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language_info


def deployment(request: HttpRequest) -> dict[str, Any]:
    return {
        "site_name": settings.SITE_NAME,
        "accent": settings.ACCENT_COLOUR,
        "emergency_number": settings.EMERGENCY_NUMBER,
        "tip_number": settings.TIP_NUMBER,
        "public_url": settings.PUBLIC_URL,
        "languages": [
            {
                "code": code,
                "name": get_language_info(code)["name_local"],
                "url": translate_url("/" + request.path.lstrip("/"), code),
            }
            for code, _name in settings.LANGUAGES
        ],
    }

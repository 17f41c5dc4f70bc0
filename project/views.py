"""The few pages that belong to no app."""

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe


@require_safe
@cache_control(public=True, max_age=300)
def theme(request: HttpRequest) -> HttpResponse:
    """Return the deployment's accent colour as the stylesheet every page loads."""
    return HttpResponse(f":root{{--accent:{settings.ACCENT_COLOUR}}}", content_type="text/css")


@require_safe
@cache_control(public=True, max_age=60)
def public_file(request: HttpRequest, name: str) -> FileResponse:
    """Return a public clean copy, which exists only while its alert lives."""
    path = settings.PUBLIC_MEDIA_DIR / name
    try:
        response = FileResponse(path.open("rb"), content_type="image/jpeg")
    except FileNotFoundError:
        raise Http404 from None
    response["X-Robots-Tag"] = "noindex, noimageindex"
    response["Cross-Origin-Resource-Policy"] = "same-site"
    return response


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Tell the reader, in their language, that the form must be sent once more."""
    return render(request, "403_csrf.html", {"language": get_language()}, status=403)

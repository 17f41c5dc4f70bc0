"""What every page of a family has in common."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods

from cases.upload import may_record

View = Callable[..., HttpResponse]


def family_page(view: View) -> View:
    """Keep the page out of caches, error reports and other sites' logs; let it record. GET, HEAD, POST.

    Exempt from CSRF: no page of a family acts on a cookie alone. The report holds no authority that a forged
    request could borrow, and what follows it asks for the signed key in the form (cases.views.key).
    """

    @may_record
    @csrf_exempt
    @gzip_page  # the page of clothes is a tenth of its size then; what Django pads hides lengths
    @never_cache
    @sensitive_post_parameters()
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def shown(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        is_foreign = request.method == "POST" and request.headers.get("Sec-Fetch-Site") == "cross-site"
        if is_foreign and request.path != reverse("cases:report"):
            return redirect(request.path)  # another site may not open its own thread in this browser
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        return response

    return shown

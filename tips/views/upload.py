"""Where a script sends a file in parts. The token stands in a header, never in an address.

POST begins (Upload-Length, Upload-Name, Content-Type) and answers {token}; PATCH brings a part (Upload-Token,
Upload-Offset) and answers {received}; GET says how far it has come; DELETE forgets it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from tips.files import uploads
from tips.files.uploads import UploadRefused

TOKEN, OFFSET, LENGTH, NAME = "Upload-Token", "Upload-Offset", "Upload-Length", "Upload-Name"
STATUS = {
    "unknown": 404, "taken": 410, "wrong_offset": 409, "too_much": 413, "too_large": 413, "empty": 400,
    "too_many": 507,
}  # fmt: skip


@csrf_exempt  # whoever sends here has the token, or begins something of their own
@never_cache
@require_http_methods(["POST", "PATCH", "GET", "DELETE"])
def upload(request: HttpRequest) -> HttpResponse:
    """Do one step; answer JSON, with the code of a refusal and how far the file has come."""
    try:
        answer = _ACTS[request.method or ""](request)
    except UploadRefused as refused:
        answer = {"code": refused.code, "received": refused.received}, STATUS.get(refused.code, 400)
    except (RequestDataTooBig, UnreadablePostError):
        answer = {"code": "too_much"}, 413
    except OSError:  # the vault is full or away: the page tries again
        answer = {"code": "no_room"}, 507
    response = JsonResponse(answer[0], status=answer[1])
    response["Referrer-Policy"] = "no-referrer"
    return response


def _begin(request: HttpRequest) -> tuple[dict[str, Any], int]:
    name = unquote(request.headers.get(NAME, ""), errors="replace").replace("\x00", "")
    token = uploads.begin(_number(request, LENGTH), name, request.headers.get("Content-Type", ""))
    return {"token": token, "part": uploads.PART}, 201


def _put(request: HttpRequest) -> tuple[dict[str, Any], int]:
    token, offset = request.headers.get(TOKEN, ""), _number(request, OFFSET)
    return {"received": uploads.put(token, offset, request.body)}, 200


def _state(request: HttpRequest) -> tuple[dict[str, Any], int]:
    state = uploads.state(request.headers.get(TOKEN, ""))
    return {"received": state.received, "size": state.size}, 200


def _cancel(request: HttpRequest) -> tuple[dict[str, Any], int]:
    uploads.cancel(request.headers.get(TOKEN, ""))
    return {}, 200


def _number(request: HttpRequest, name: str) -> int:
    """Return the header's number, -1 for what is none."""
    text = request.headers.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else -1


_ACTS: dict[str, Callable[[HttpRequest], tuple[dict[str, Any], int]]] = {
    "POST": _begin, "PATCH": _put, "GET": _state, "DELETE": _cancel,
}  # fmt: skip

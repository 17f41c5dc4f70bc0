"""Meta's Graph API as one Page sees it: photo posts, edits, deletion, the feed, errors, signed call-backs.

Magic pages: the account's own page id delivers; page-error-<code> and page-error-<code>-<subcode> answer
that error (page-error-190, page-error-100-33); page-lost takes the post, loses the answer; page-hang hangs;
page-close closes.
"""

import itertools
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from typing import Any

from notifier.protocols import graph
from notifier.simulators.caller import Caller
from notifier.simulators.modes import Meter, Switch
from notifier.simulators.record import Recorder
from notifier.simulators.server import Answered, Asked, Fault

PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF")
MESSAGES = {1: "An unknown error occurred", 100: "Invalid parameter", 190: "Error validating access token"}
STATUSES = {1: 500, 2: 503, 190: 400, 10: 403, 200: 403, 368: 403}
MODE_ERRORS = {"refuse": (100, 0), "later": (2, 0), "500": (1, 0), "denied": (190, 463)}
FOREVER = {"close": Fault.CLOSE, "hang": Fault.HANG}


@dataclass(frozen=True, slots=True)
class PageAccount:
    """The Page, its app, and where the app's subscription points."""

    page_id: str = "100200300400500"
    access_token: str = "simulated"  # noqa: S105  a simulator's
    app_secret: str = "simulated"  # noqa: S105  a simulator's
    hook_url: str = ""


@dataclass(slots=True)
class Post:
    """One thing on the Page's wall."""

    id: str
    page: str
    message: str
    alt: str
    picture: bytes
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def as_json(self) -> dict[str, str]:
        """As the feed lists it."""
        return {
            "id": self.id,
            "message": self.message,
            "created_time": self.created_at.strftime("%Y-%m-%dT%H:%M:%S+0000"),
            "permalink_url": f"https://www.facebook.com/{self.id}",
        }


class GraphError(Exception):
    """An error object on its way out."""

    def __init__(self, code: int, subcode: int = 0) -> None:
        super().__init__(code, subcode)
        self.code = code
        self.subcode = subcode


class GraphGateway:
    """Answers synchronously; call-backs are queued on `caller`."""

    def __init__(self, account: PageAccount, recorder: Recorder, caller: Caller, meter: Meter) -> None:
        self.account = account
        self.recorder = recorder
        self.caller = caller
        self.meter = meter
        self.switch = Switch()
        self.posts: dict[str, Post] = {}
        self._calls = 0
        self._ids = itertools.count(int(time.time() * 1000))

    def handle(self, asked: Asked) -> Answered | Fault:
        """One request by its path."""
        if asked.path.startswith("/_sim/"):
            return self._control(asked)
        found = re.fullmatch(r"/v\d+\.\d+/([^/]+)(?:/(\w+))?", asked.path)
        if not found:
            return self._error(GraphError(2500))
        self._calls += 1
        try:
            return self._called(asked, found.group(1), found.group(2) or "", _fields(asked))
        except GraphError as error:
            return self._error(error)

    def _called(self, asked: Asked, node: str, edge: str, fields: dict[str, bytes]) -> Answered | Fault:
        self._authorised(asked, fields)
        mode = self.switch.take()
        mode = _magic(node) if mode == "ok" else mode
        if mode in FOREVER:
            return FOREVER[mode]
        if mode in MODE_ERRORS:
            raise GraphError(*MODE_ERRORS[mode])
        if not self.meter.allows():
            raise GraphError(80001)
        made = self._acted(
            asked.method, node, edge, {name: _text(value) for name, value in fields.items()}, fields
        )
        return Fault.CLOSE if mode == "lose_answer" and asked.method != "GET" else self._json(made)

    def _acted(
        self, method: str, node: str, edge: str, texts: dict[str, str], raw: Mapping[str, bytes]
    ) -> dict[str, Any]:
        if method == "POST" and edge in ("photos", "feed"):
            return self._post(node, edge, texts, raw.get("source", b""))
        if method == "GET" and edge in ("feed", "published_posts"):
            posts = [post.as_json() for post in reversed(self.posts.values()) if post.page == node]
            return {"data": posts[: int(texts.get("limit", "25"))]}
        if method == "GET" and node in ("me", self.account.page_id):
            return {"id": self.account.page_id}
        return self._on_post(method, self._known(node), texts)

    def _on_post(self, method: str, post: Post, texts: dict[str, str]) -> dict[str, Any]:
        if method == "GET":
            return post.as_json()
        if method == "DELETE":
            del self.posts[post.id]
            self.recorder.received("delete", post.page, "", id_=post.id)
            return {"success": True}
        post.message = texts.get("message", post.message)
        self.recorder.received("edit", post.page, post.message, id_=post.id)
        return {"success": True}

    def _post(self, page: str, edge: str, texts: dict[str, str], picture: bytes) -> dict[str, Any]:
        words = texts.get("caption") or texts.get("message", "")
        if edge == "photos" and not picture.startswith(PICTURES):
            raise GraphError(100, 1366046)
        if edge == "feed" and not words:
            raise GraphError(100)
        latest = next(reversed(self.posts.values()), None)
        if latest and (latest.page, latest.message) == (page, words):
            self.recorder.refused("post", page, words, code="506")
            raise GraphError(graph.DUPLICATE)
        photo_id = str(next(self._ids))
        post = Post(f"{page}_{next(self._ids)}", page, words, texts.get("alt_text_custom", ""), picture)
        self.posts[post.id] = post
        shown = f"/_sim/picture/{post.id}" if picture else ""
        self.recorder.received("post", page, words, id_=post.id, picture_url=shown)
        self._tell("photo" if picture else "status", post, {"from": {"id": page, "name": "Page"}})
        return {"id": photo_id, "post_id": post.id} if picture else {"id": post.id}

    def _known(self, node: str) -> Post:
        if node not in self.posts:
            raise GraphError(*graph.OBJECT_MISSING)
        return self.posts[node]

    def _authorised(self, asked: Asked, fields: dict[str, bytes]) -> None:
        given = asked.headers.get("authorization", "").removeprefix("Bearer ")
        token = given or _text(fields.get("access_token", b""))
        if token != self.account.access_token:
            raise GraphError(190, 467)
        proof = _text(fields.get("appsecret_proof", b""))
        if proof and proof != graph.proof(self.account.app_secret, token):
            raise GraphError(100)

    def _control(self, asked: Asked) -> Answered:
        if asked.path == "/_sim/mode" and asked.method == "POST":
            return self.switch.control(asked)
        if asked.path == "/_sim/comment" and asked.method == "POST":
            return self._commented(asked.fields())
        if asked.path == "/_sim/state":
            state = {**self.recorder.counts, "calls_waiting": self.caller.waiting, "posts": len(self.posts)}
            return Answered(200, json.dumps(state).encode(), "application/json")
        post = self.posts.get(asked.path.removeprefix("/_sim/picture/"))
        return Answered(200, post.picture, "image/jpeg") if post else Answered(404)

    def _commented(self, fields: dict[str, str]) -> Answered:
        """`POST /_sim/comment` with post_id, message and from_id: the public writes under a post."""
        post = self.posts.get(fields.get("post_id", ""))
        if post is None or not self.account.hook_url:
            return Answered(409, b"no such post, or no hook to call")
        comment = f"{post.id.partition('_')[2]}_{next(self._ids)}"
        sender = {"id": fields.get("from_id", "7001"), "name": "Someone"}
        said = {
            "from": sender,
            "comment_id": comment,
            "parent_id": post.id,
            "message": fields.get("message", ""),
        }
        self._tell("comment", post, said)
        return Answered(202, comment.encode())

    def _tell(self, item: str, post: Post, more: Mapping[str, Any]) -> None:
        if not self.account.hook_url:
            return
        now = int(time.time())
        value = {"item": item, "verb": "add", "post_id": post.id, "created_time": now, **more}
        changes = [{"field": "feed", "value": value}]
        body = escaped({"object": "page", "entry": [{"id": post.page, "time": now, "changes": changes}]})
        signed = {"X-Hub-Signature-256": graph.signature(self.account.app_secret, body)}
        self.caller.call("POST", self.account.hook_url, body, {"Content-Type": "application/json", **signed})

    def _json(
        self, data: Mapping[str, Any], status: int = 200, more: Mapping[str, str] | None = None
    ) -> Answered:
        usage = {"call_count": min(self._calls // 50, 100), "total_cputime": 1, "total_time": 1}
        headers = {"X-App-Usage": json.dumps(usage), "facebook-api-version": "v25.0", **(more or {})}
        return Answered(status, json.dumps(data).encode(), "application/json; charset=UTF-8", headers)

    def _error(self, error: GraphError) -> Answered:
        told = {
            "message": MESSAGES.get(error.code, f"(#{error.code}) simulated"),
            "type": "OAuthException",
            "code": error.code,
            "error_subcode": error.subcode,
            "is_transient": error.code in (1, 2),
            "fbtrace_id": "ASimulated",
        }
        more = {}
        if graph.MEANINGS.get(error.code, ("", False))[0] == "throttled":
            line = {"type": "pages", "call_count": 100, "estimated_time_to_regain_access": 1}
            more = {"X-Business-Use-Case-Usage": json.dumps({self.account.page_id: [line]})}
        return self._json({"error": told}, STATUSES.get(error.code, 400), more)


def escaped(data: Mapping[str, Any]) -> bytes:
    r"""JSON as Meta sends and signs it: \uXXXX in lower case, slashes and angle brackets escaped."""
    text = json.dumps(data, separators=(",", ":")).replace("/", "\\/")
    return text.replace("<", "\\u003C").encode("ascii")


def _magic(page: str) -> str:
    found = re.fullmatch(r"page-error-(\d+)(?:-(\d+))?", page)
    if found:
        raise GraphError(int(found.group(1)), int(found.group(2) or 0))
    return {"page-lost": "lose_answer", "page-hang": "hang", "page-close": "close"}.get(page, "ok")


def _fields(asked: Asked) -> dict[str, bytes]:
    """Query, form or multipart, as bytes."""
    fields = {name: value.encode() for name, value in asked.fields().items()}
    kind = asked.headers.get("content-type", "")
    if kind.startswith("multipart/form-data"):
        whole = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + asked.body)
        for part in whole.walk():
            name = part.get_param("name", header="content-disposition")
            payload = part.get_payload(decode=True)
            if isinstance(name, str) and isinstance(payload, bytes):
                fields[name] = payload
    return fields


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace")

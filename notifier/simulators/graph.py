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
from typing import Any

from notifier.protocols import graph
from notifier.simulators import forms
from notifier.simulators.caller import Caller
from notifier.simulators.inbox import Inbox, InboxError
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

    def __init__(
        self,
        account: PageAccount,
        recorder: Recorder,
        caller: Caller,
        meter: Meter,
        private: Recorder | None = None,
    ) -> None:
        self.account = account
        self.inbox = Inbox(private or recorder)
        self.recorder = recorder
        self.caller = caller
        self.meter = meter
        self.switch = Switch()
        self.posts: dict[str, Post] = {}
        self._calls = 0
        self._ids = itertools.count(int(time.time() * 1000))

    def handle(self, asked: Asked) -> Answered | Fault:
        """One request by its path."""
        if asked.path.startswith("/_sim/media/"):
            file = self.inbox.shelf.at(asked.path.removeprefix("/_sim/media/"))
            return (
                Answered(200, file.body, file.media_type) if file else Answered(403, b"URL signature expired")
            )
        if asked.path.startswith("/_sim/"):
            return self._control(asked)
        found = re.fullmatch(r"/v\d+\.\d+/([^/]+)(?:/(\w+))?", asked.path)
        if not found:
            return self._error(GraphError(2500))
        self._calls += 1
        try:
            return self._called(asked, found.group(1), found.group(2) or "", forms.fields(asked))
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
        texts = {name: forms.text(value) for name, value in fields.items()}
        if (asked.method, node, edge) == ("POST", self.account.page_id, "messages"):
            return self._said_in_private(texts)
        made = self._acted(asked.method, node, edge, texts, fields)
        return Fault.CLOSE if mode == "lose_answer" and asked.method != "GET" else self._json(made)

    def _said_in_private(self, texts: Mapping[str, str]) -> Answered | Fault:
        try:
            made, fate = self.inbox.answer(texts)
        except InboxError as error:
            raise GraphError(error.code, error.subcode) from error
        return {"hang": Fault.HANG, "lose_answer": Fault.CLOSE}.get(fate) or self._json(made)

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
        token = given or forms.text(fields.get("access_token", b""))
        if token != self.account.access_token:
            raise GraphError(190, 467)
        proof = forms.text(fields.get("appsecret_proof", b""))
        if proof and proof != graph.proof(self.account.app_secret, token):
            raise GraphError(100)

    def _control(self, asked: Asked) -> Answered:
        if asked.path == "/_sim/mode" and asked.method == "POST":
            return self.switch.control(asked)
        if asked.path == "/_sim/comment" and asked.method == "POST":
            return self._commented(asked)
        if asked.path == "/_sim/message" and asked.method == "POST":
            return self._written(asked)
        if asked.path == "/_sim/state":
            state = {**self.recorder.counts, "calls_waiting": self.caller.waiting, "posts": len(self.posts)}
            return Answered(200, json.dumps(state).encode(), "application/json")
        post = self.posts.get(asked.path.removeprefix("/_sim/picture/"))
        return Answered(200, post.picture, "image/jpeg") if post else Answered(404)

    def _commented(self, asked: Asked) -> Answered:
        """`POST /_sim/comment` with post_id, message, from_id and a file: the public writes under a post."""
        fields, file = forms.uploaded(asked)
        post = self.posts.get(fields.get("post_id", "")) or next(reversed(self.posts.values()), None)
        if post is None or not self.account.hook_url:
            return Answered(409, b"no such post, or no hook to call")
        comment = f"{post.id.partition('_')[2]}_{next(self._ids)}"
        self.inbox.commented.add(comment)
        said: dict[str, Any] = {
            "from": {"id": fields.get("from_id", "7001"), "name": "Someone"},
            "comment_id": comment,
            "parent_id": post.id,
            "message": fields.get("message", ""),
        }
        if file is not None:
            name = "video" if file[1].startswith("video/") else "photo"
            said[name] = self.inbox.address(file, asked.headers.get("host", ""))
        self._tell("comment", post, said)
        return Answered(202, comment.encode())

    def _written(self, asked: Asked) -> Answered:
        """`POST /_sim/message`: from_id, message, file, latitude, longitude, link, replies_to; in private."""
        if not self.account.hook_url:
            return Answered(409, b"no hook to call")
        fields, file = forms.uploaded(asked)
        sender = fields.get("from_id", "7001")
        told = self.inbox.hear(sender, fields, file, asked.headers.get("host", ""))
        parties = {"sender": {"id": sender}, "recipient": {"id": self.account.page_id}}
        event = {**parties, "timestamp": int(time.time() * 1000), "message": told}
        self.say({"messaging": [event]})
        return Answered(202, str(told["mid"]).encode())

    def _tell(self, item: str, post: Post, more: Mapping[str, Any]) -> None:
        value = {"item": item, "verb": "add", "post_id": post.id, "created_time": int(time.time()), **more}
        self.say({"changes": [{"field": "feed", "value": value}]})

    def say(self, told: Mapping[str, Any], of: str = "page") -> None:
        """Call back with one entry, signed; nothing without an address to call."""
        if not self.account.hook_url:
            return
        entry = {"id": self.account.page_id, "time": int(time.time()), **told}
        body = escaped({"object": of, "entry": [entry]})
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

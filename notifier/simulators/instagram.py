"""Instagram's side of the Graph API: containers that fetch their picture, publishing, a day's quota,
deletion; comments, mentions and messages, signed as Meta signs.

Magic accounts: ig-error-<code>[-<subcode>] refuses the container, ig-publish-error-<code>[-<subcode>] the
publishing, ig-failed-<subcode> ends the container in ERROR; ig-lost publishes and loses the answer,
ig-lost-container loses the first container's; ig-hang hangs at publishing; ig-stuck is for ever in progress,
ig-late lists nothing, ig-no-delete may not delete.
"""

import asyncio
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from notifier.exceptions import CannotCarry
from notifier.protocols import graph, instagram
from notifier.simulators import forms
from notifier.simulators.caller import Caller
from notifier.simulators.graph import (
    FOREVER,
    MODE_ERRORS,
    GraphError,
    GraphGateway,
    PageAccount,
    Post,
)
from notifier.simulators.modes import Meter
from notifier.simulators.record import Recorder
from notifier.simulators.server import Answered, Asked, Fault

DAY, LIVES = timedelta(days=1), timedelta(days=1)
FETCH_S, HOUR_S = 5.0, 3600.0
NOT_FETCHED, TOO_TALL, NO_JPEG, TOO_LARGE = "2207052", "2207009", "2207005", "2207004"


@dataclass(frozen=True, slots=True)
class InstagramAccount(PageAccount):
    """A professional account (page_id is its ig-user-id): posts a rolling day holds, calls an hour holds (a
    quiet account's budget is small).
    """

    page_id: str = "17841400000000001"
    quota_total: int = 50
    calls_an_hour: int = 200


@dataclass(slots=True)
class Media:
    """A container on its way, and the picture it fetched."""

    id: str
    owner: str
    caption: str
    alt: str
    state: str = "IN_PROGRESS"
    subcode: str = ""
    picture: bytes = b""
    made_at: datetime = field(default_factory=lambda: datetime.now(UTC))


class InstagramGateway(GraphGateway):
    """Answers synchronously; pictures are fetched and call-backs made beside."""

    def __init__(self, account: InstagramAccount, recorder: Recorder, caller: Caller) -> None:
        super().__init__(account, recorder, caller, Meter())
        self.quota_total, self.calls_an_hour = account.quota_total, account.calls_an_hour
        self._hour_from = time.monotonic()
        self.containers: dict[str, Media] = {}
        self.published_at: list[datetime] = []
        self._lost = False
        self._fetching: set[asyncio.Task[None]] = set()

    def _called(self, asked: Asked, node: str, edge: str, fields: dict[str, bytes]) -> Answered | Fault:
        self._authorised(asked, fields)
        mode = self.switch.take()
        mode = self._magic(asked.method, node, edge) if mode == "ok" else mode
        if mode in FOREVER:
            return FOREVER[mode]
        if mode in MODE_ERRORS:
            raise GraphError(*MODE_ERRORS[mode])
        self._within_budget()
        texts = {name: value.decode("utf-8", "replace") for name, value in fields.items()}
        made = self._acted(asked.method, node, edge, texts, fields)
        return Fault.CLOSE if mode == "lose_answer" and asked.method != "GET" else self._json(made)

    def _within_budget(self) -> None:
        if time.monotonic() - self._hour_from > HOUR_S:
            self._hour_from, self._calls = time.monotonic(), 0
        if self._calls > self.calls_an_hour:
            raise GraphError(80002)

    def _acted(
        self, method: str, node: str, edge: str, texts: dict[str, str], raw: Mapping[str, bytes]
    ) -> dict[str, Any]:
        if method == "GET":
            return self._shown(node, edge)
        if edge == "media":
            return self._contained(node, texts)
        if edge == "media_publish":
            return self._published(node, texts.get("creation_id", ""))
        if method == "DELETE":
            return self._deleted(node)
        raise GraphError(100)

    def _magic(self, method: str, node: str, edge: str) -> str:
        pattern = {
            "media": r"ig-error-(\d+)(?:-(\d+))?",
            "media_publish": r"ig-publish-error-(\d+)(?:-(\d+))?",
        }
        found = re.fullmatch(pattern.get(edge, "-"), node) if method == "POST" else None
        if found:
            raise GraphError(int(found.group(1)), int(found.group(2) or 0))
        if (node, edge) == ("ig-lost-container", "media") and method == "POST" and not self._lost:
            self._lost = True
            return "lose_answer"
        return {
            ("ig-lost", "media_publish"): "lose_answer", ("ig-late", "media_publish"): "lose_answer",
            ("ig-hang", "media_publish"): "hang",
        }.get((node, edge), "ok")  # fmt: skip

    def _shown(self, node: str, edge: str) -> dict[str, Any]:
        if edge == "content_publishing_limit":
            config = {"quota_total": self.quota_total, "quota_duration": int(DAY.total_seconds())}
            return {"data": [{"quota_usage": self._used(), "config": config}]}
        if edge == "media":
            posts = [] if node == "ig-late" else [post for post in self.posts.values() if post.page == node]
            return {"data": [_listed(post) for post in reversed(posts)][:100]}
        if node in self.containers:
            return self._status(self.containers[node])
        return _listed(self._known(node)) if node in self.posts else self._named(node)

    def _named(self, node: str) -> dict[str, Any]:
        if node not in ("me", self.account.page_id):
            raise GraphError(*graph.OBJECT_MISSING)
        return {"id": self.account.page_id}

    def _status(self, container: Media) -> dict[str, Any]:
        if container.state != "PUBLISHED" and datetime.now(UTC) - container.made_at > LIVES:
            container.state = "EXPIRED"
        failed = f"Error: Media upload has failed with error code {container.subcode}"
        words = failed if container.subcode else container.state.capitalize()
        return {"id": container.id, "status_code": container.state, "status": words}

    def _contained(self, owner: str, texts: dict[str, str]) -> dict[str, Any]:
        words = texts.get("caption", "")
        if not texts.get("image_url", "").startswith(("http://", "https://")):
            raise GraphError(100, 2207023)
        if len(words) > instagram.MAX_CAPTION or words.count("#") > instagram.MAX_HASHTAGS:
            raise GraphError(36004, 2207010)
        container = Media(str(next(self._ids)), owner, words, texts.get("alt_text", ""))
        self.containers[container.id] = container
        task = asyncio.get_running_loop().create_task(self._fetch(container, texts["image_url"]))
        self._fetching.add(task)
        task.add_done_callback(self._fetching.discard)
        return {"id": container.id}

    async def _fetch(self, container: Media, address: str) -> None:
        if container.owner == "ig-stuck":
            return
        container.picture = await asyncio.to_thread(_fetched, address)
        container.subcode = container.owner.removeprefix("ig-failed-")
        if not container.owner.startswith("ig-failed-"):
            container.subcode = _fault(container.picture)
        container.state = "ERROR" if container.subcode else "FINISHED"

    def _published(self, owner: str, creation_id: str) -> dict[str, Any]:
        container = self.containers.get(creation_id)
        if container is None or container.owner != owner:
            raise GraphError(24, 2207006)
        self._status(container)
        if container.state == "EXPIRED":
            raise GraphError(24, 2207020)
        if container.state != "FINISHED":  # published once, never again
            raise GraphError(9007, 2207027)
        if self._used() >= self.quota_total:
            self.recorder.refused("post", owner, container.caption, code="9/2207042")
            raise GraphError(9, 2207042)
        container.state = "PUBLISHED"
        post = Post(str(next(self._ids)), owner, container.caption, container.alt, container.picture)
        self.posts[post.id] = post
        self.published_at.append(post.created_at)
        shown = f"/_sim/picture/{post.id}"
        self.recorder.received("post", owner, post.message, id_=post.id, picture_url=shown)
        return {"id": post.id}

    def _deleted(self, node: str) -> dict[str, Any]:
        post = self._known(node)
        if post.page == "ig-no-delete":
            raise GraphError(10)
        del self.posts[node]
        self.recorder.received("delete", post.page, "", id_=post.id)
        return {"success": True}

    def _used(self) -> int:
        return sum(datetime.now(UTC) - at < DAY for at in self.published_at)

    def _control(self, asked: Asked) -> Answered:
        """Besides the Page's: `POST /_sim/mention` (media_id) and `/_sim/quota` (total)."""
        fields = asked.fields()
        number = str(next(self._ids))
        if asked.path == "/_sim/mention" and asked.method == "POST":
            value = {"media_id": fields.get("media_id", number), "comment_id": number}
            return self._say({"changes": [{"field": "mentions", "value": value}]}, number)
        if asked.path == "/_sim/quota" and asked.method == "POST":
            self.quota_total = int(fields.get("total", self.quota_total))
            return Answered(200, str(self.quota_total).encode())
        return super()._control(asked)

    def _commented(self, asked: Asked) -> Answered:
        fields, _file = forms.uploaded(asked)
        post = self.posts.get(fields.get("post_id", "")) or next(reversed(self.posts.values()), None)
        if post is None:
            return Answered(409, b"no such post")
        number, sender = str(next(self._ids)), {"id": fields.get("from_id", "7001"), "username": "someone"}
        media = {"id": post.id, "media_product_type": "FEED"}
        value = {"id": number, "from": sender, "media": media, "text": fields.get("message", "")}
        return self._say({"changes": [{"field": "comments", "value": value}]}, number)

    def _say(self, told: Mapping[str, Any], identity: str) -> Answered:
        if not self.account.hook_url:
            return Answered(409, b"no hook to call")
        self.say(told)
        return Answered(202, identity.encode())

    def say(self, told: Mapping[str, Any], of: str = "instagram") -> None:
        """Call back as Instagram does."""
        super().say(told, of)


def _listed(post: Post) -> dict[str, str]:
    shown = post.as_json()
    address = f"https://www.instagram.com/p/{post.id}/"
    return {"id": post.id, "caption": post.message, "permalink": address, "timestamp": shown["created_time"]}


def _fetched(address: str) -> bytes:
    try:
        with urlopen(address, timeout=FETCH_S) as answer:  # noqa: S310  http or https: asked before
            return bytes(answer.read(instagram.MAX_BYTES + 1))
    except (URLError, OSError, ValueError):
        return b""


def _fault(picture: bytes) -> str:
    try:
        instagram.refuse_bad_picture(picture)
    except CannotCarry as error:
        if error.detail.startswith("aspect"):
            return TOO_TALL
        return NOT_FETCHED if not picture else TOO_LARGE if error.detail.endswith("bytes") else NO_JPEG
    return ""

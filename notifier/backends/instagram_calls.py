"""The Graph calls an Instagram account answers: containers, publishing, the latest posts, the day's quota."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from notifier import http
from notifier.backends.meta import MetaBackend
from notifier.exceptions import AnswerLost, AnswerUnreadable, ConnectFailed
from notifier.message import DeliveryError, Message, RecallDone, RecallResult, RecallTask
from notifier.protocols import instagram

LATEST = "100"


@dataclass(slots=True)
class Container:
    """What was made and is not known to be published. Nobody sees it before."""

    id: str
    rounds: int = 0
    was_asked: bool = False  # to be published: what became of it may be unknown


class InstagramCalls(MetaBackend):
    """OPTIONS: MetaBackend's, ig_user_id; poll_s and polls (how often a container is looked at before the
    worker turns to something else). All raise DeliveryError, ConnectFailed, AnswerLost.
    """

    required_options = ("ig_user_id", *MetaBackend.required_options)

    def __init__(
        self, alias: str, options: Mapping[str, Any], *, transport: http.Transport = http.send
    ) -> None:
        super().__init__(alias, options, transport=transport)
        self.containers: dict[str, Container] = {}  # by our reference; their names are kept outside, too

    def call(
        self,
        method: str,
        path: str,
        fields: Mapping[str, str] | None = None,
        photo: tuple[str, bytes, str] | None = None,
    ) -> dict[str, Any]:
        """MetaBackend's call, with errors by Instagram's own codes."""
        try:
            return super().call(method, path, fields, photo)
        except DeliveryError as error:
            raise instagram.refined(error) from error

    def made(self, edge: str, fields: Mapping[str, str]) -> str:
        """The id of what a POST to the account made."""
        told = self.call("POST", f"{self.options['ig_user_id']}/{edge}", fields)
        if not told.get("id"):
            raise AnswerUnreadable("no id")
        return str(told["id"])

    def settled(self, made: Container) -> Mapping[str, Any]:
        """A container's status, once it is no longer in progress or has been looked at `polls` times."""
        for _ in range(int(self.options.get("polls", 4))):
            status = self.status(made)
            if status.get("status_code") != "IN_PROGRESS":
                break
            time.sleep(float(self.options.get("poll_s", 0.5)))
        return status

    def status(self, made: Container) -> Mapping[str, Any]:
        """A container's status; one that is gone has expired, or was published when that was asked."""
        try:
            return self.call("GET", made.id, {"fields": "status_code,status"})
        except DeliveryError as error:
            if error.kind != "missing":
                raise
            return {"status_code": "PUBLISHED" if made.was_asked else "EXPIRED"}

    def latest(self) -> list[dict[str, Any]]:
        """The account's latest posts, the newest first."""
        fields = {"fields": "id,caption,permalink,timestamp", "limit": LATEST}
        posts = self.call("GET", f"{self.options['ig_user_id']}/media", fields).get("data")
        if not isinstance(posts, list):
            raise AnswerUnreadable("no data")
        return posts

    def asked_quota(self) -> dict[str, Any]:
        """What is allowed in the rolling day, and what of it is used."""
        path = f"{self.options['ig_user_id']}/content_publishing_limit"
        return self.call("GET", path, {"fields": "config,quota_usage"})

    def quota_left(self) -> DeliveryError | None:
        """Why no post may be made now; None also when Instagram does not say."""
        try:
            spent = instagram.quota(self.asked_quota())
        except DeliveryError as error:
            return None if error.permanent else error
        if spent is None or spent[0] < spent[1]:
            return None
        wait_s = instagram.QUOTA_PAUSE_S
        return DeliveryError(
            permanent=False, kind="throttled", retry_after_s=wait_s, detail=f"{spent[0]}/{spent[1]}"
        )

    def address(self, media_id: str) -> str:
        """Where people see a post; empty when Instagram does not say."""
        try:
            return str(self.call("GET", media_id, {"fields": "permalink"}).get("permalink", ""))
        except (DeliveryError, ConnectFailed, AnswerLost):  # it is posted all the same
            return ""

    def spend(self, message: Message, error: DeliveryError) -> None:
        """The container is of no use any more: the next try makes another."""
        self.containers.pop(message.reference, None)
        error.is_spent = True

    def kept(self, message: Message) -> Container | None:
        """The container of which another process may have asked that it be published."""
        return Container(message.prepared, was_asked=True) if message.prepared else None

    def deleted(self, media_id: str) -> RecallResult:
        try:
            self.call("DELETE", media_id)
        except DeliveryError as error:  # "missing" may mean no right to it: still listed, it is not gone
            if error.kind != "missing":
                raise
            if any(str(post["id"]) == media_id for post in self.latest()):
                return RecallTask("permission")
        return RecallDone()

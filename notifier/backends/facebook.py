"""A Facebook Page by the Graph API: one photo post in all languages, edited, taken back, read back."""

from collections.abc import Mapping, Sequence

from notifier import http
from notifier.backends import media_files
from notifier.backends.facebook_calls import FacebookCalls
from notifier.exceptions import AnswerLost, CannotCarry, ConnectFailed
from notifier.message import (
    ACCOUNT_KINDS,
    Accepted,
    DeliveryError,
    Fetched,
    Fit,
    Inbound,
    Message,
    Outcome,
    RawRequest,
    RecallDone,
    RecallResult,
    RecallTask,
    ReceiptEvent,
    Text,
    Unknown,
)
from notifier.protocols import graph, media, page_hooks


class FacebookBackend(FacebookCalls):
    """OPTIONS: FacebookCalls' and max_characters; media_hosts, most_media_bytes, media_timeout_s."""

    direct = False
    can_edit = can_recall = can_read_back = has_receipts = carries_media = True
    max_length = {"utf-8": graph.MAX_CAPTION}

    def fit(self, message: Message) -> Fit:
        """All languages in the Page's order, as one caption."""
        caption = self.caption(message.texts)
        if not caption.strip():
            raise CannotCarry(kind="invalid", detail="empty")
        if len(caption) > int(self.options.get("max_characters", graph.MAX_CAPTION)):
            raise CannotCarry(kind="too_long", detail=str(len(caption)))
        return Fit(caption, lost=tuple(code for code in message.texts if code not in self.order()))

    def send(self, messages: Sequence[Message]) -> list[Outcome]:
        """A lost answer is read back at once: a post is found or Unknown, never posted twice."""
        return [self._outcome(message) for message in messages]

    def edit(self, external_id: str, texts: Mapping[str, Text]) -> Outcome:
        """Only the words can change."""
        try:
            self.call("POST", external_id, {"message": self.caption(texts)})
        except DeliveryError as error:
            return error
        except ConnectFailed as error:
            return http.refusal(error)
        except AnswerLost as error:
            return Unknown(str(error))
        return Accepted(external_id, self._address(external_id))

    def recall(self, external_id: str) -> RecallResult:
        """Delete it. What is gone already is done, as long as the post was this Page's."""
        try:
            self.call("DELETE", external_id)
        except (ConnectFailed, AnswerLost) as error:  # deleting twice is harmless
            raise http.refusal(error) from error
        except DeliveryError as error:
            if error.kind == "missing" and self._owns(external_id):
                return RecallDone()
            if error.permanent or error.kind in ACCOUNT_KINDS:
                return RecallTask(error.kind)
            raise
        return RecallDone()

    def read_back(self, message: Message) -> Outcome | None:
        """Look for the caption among the Page's latest posts."""
        caption = self.caption(message.texts)
        try:
            fields = {"fields": "id,message,permalink_url", "limit": "25"}
            posts = self.call("GET", f"{self.options['page_id']}/feed", fields).get("data", [])
        except DeliveryError as error:
            return error
        except (ConnectFailed, AnswerLost) as error:
            return http.refusal(error)
        for post in posts:
            if graph.same_words(caption, post.get("message", "")):
                return Accepted(post["id"], post.get("permalink_url") or self._address(post["id"]))
        return None

    def parse(self, request: RawRequest) -> list[ReceiptEvent | Inbound]:
        """Our own posts as receipts; comments, mentions and private messages as what the public said."""
        return [] if request.method == "GET" else page_hooks.read(request.body)

    def fetch(self, source: Mapping[str, str]) -> Fetched:
        """What was attached to a message or a comment, from Meta's CDN; its address carries its own seal."""
        return media_files.fetched(self.transport, self.options, source, media.META_CDN)

    def health_path(self) -> str:
        """The Page's own feed: a token of another Page cannot read it."""
        return f"{self.options['page_id']}/feed"

    def _outcome(self, message: Message) -> Outcome:
        try:
            return self._post(message, self.fit(message).text)
        except DeliveryError as error:
            return (self.read_back(message) or error) if error.kind == "duplicate" else error
        except ConnectFailed as error:
            return http.refusal(error)
        except AnswerLost as error:
            found = self.read_back(message)
            return found if isinstance(found, Accepted) else Unknown(str(error))

    def _post(self, message: Message, caption: str) -> Outcome:
        made, is_photo = self.made(message, caption)
        post_id = str(made.get("post_id") or made.get("id") or "")
        if not post_id:
            raise AnswerLost("no id")
        if is_photo and not made.get("post_id"):  # the photo's own id, which edits no post
            found = self.read_back(message)
            return found if isinstance(found, Accepted) else Accepted(post_id, self._address(post_id))
        return Accepted(post_id, self._address(post_id))

    def _owns(self, external_id: str) -> bool:
        page, _, post = external_id.partition("_")
        return not post or page == self.options["page_id"]

    def _address(self, post_id: str) -> str:
        return f"https://www.facebook.com/{post_id}"

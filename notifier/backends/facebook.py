"""A Facebook Page by the Graph API: one photo post in all languages, edited, taken back, read back."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from notifier.backends.meta import MetaBackend
from notifier.exceptions import AnswerLost, CannotCarry, ConnectFailed
from notifier.message import (
    ACCOUNT_KINDS,
    Accepted,
    DeliveryError,
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
from notifier.protocols import graph

MEDIA_TYPES = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}
BETWEEN_LANGUAGES = "\n\n———\n\n"


class FacebookBackend(MetaBackend):
    """OPTIONS: MetaBackend's and page_id; media_dir, languages (the order in which a post speaks them)."""

    direct = False
    can_edit = can_recall = can_read_back = has_receipts = carries_media = True
    max_length = {"utf-8": graph.MAX_CAPTION}
    required_options = ("page_id", *MetaBackend.required_options)

    def fit(self, message: Message) -> Fit:
        """All languages in the Page's order, as one caption."""
        caption = self._caption(message.texts)
        if not caption.strip():
            raise CannotCarry(kind="invalid", detail="empty")
        if len(caption) > graph.MAX_CAPTION:
            raise CannotCarry(kind="too_long", detail=str(len(caption)))
        return Fit(
            caption, lost=tuple(language for language in message.texts if language not in self._order())
        )

    def send(self, messages: Sequence[Message]) -> list[Outcome]:
        """A lost answer is read back at once: a post is found or Unknown, never posted twice."""
        return [self._outcome(message) for message in messages]

    def edit(self, external_id: str, texts: Mapping[str, Text]) -> Outcome:
        """Only the words can change."""
        try:
            self.call("POST", external_id, {"message": self._caption(texts)})
        except DeliveryError as error:
            return error
        except ConnectFailed as error:
            return DeliveryError(permanent=False, kind="connection", detail=str(error))
        except AnswerLost as error:
            return Unknown(str(error))
        return Accepted(external_id, self._address(external_id))

    def recall(self, external_id: str) -> RecallResult:
        """Delete it. What is gone already is done, as long as the post was this Page's."""
        try:
            self.call("DELETE", external_id)
        except (ConnectFailed, AnswerLost) as error:  # deleting twice is harmless
            raise DeliveryError(permanent=False, kind="connection", detail=str(error)) from error
        except DeliveryError as error:
            if error.kind == "missing" and self._owns(external_id):
                return RecallDone()
            if error.permanent or error.kind in ACCOUNT_KINDS:
                return RecallTask(error.kind)
            raise
        return RecallDone()

    def read_back(self, message: Message) -> Outcome | None:
        """Look for the caption among the Page's latest posts."""
        caption = self._caption(message.texts)
        try:
            fields = {"fields": "id,message,permalink_url", "limit": "25"}
            posts = self.call("GET", f"{self.options['page_id']}/feed", fields).get("data", [])
        except DeliveryError as error:
            return error
        except (ConnectFailed, AnswerLost) as error:
            return DeliveryError(permanent=False, kind="connection", detail=str(error))
        for post in posts:
            if graph.same_words(caption, post.get("message", "")):
                return Accepted(post["id"], post.get("permalink_url") or self._address(post["id"]))
        return None

    def parse(self, request: RawRequest) -> list[ReceiptEvent | Inbound]:
        """Our own posts as receipts, comments and mentions as what the public said."""
        return [] if request.method == "GET" else graph.read_changes(request.body)

    def _outcome(self, message: Message) -> Outcome:
        try:
            return self._post(message, self.fit(message).text)
        except DeliveryError as error:
            return (self.read_back(message) or error) if error.kind == "duplicate" else error
        except ConnectFailed as error:
            return DeliveryError(permanent=False, kind="connection", detail=str(error))
        except AnswerLost as error:
            found = self.read_back(message)
            return found if isinstance(found, Accepted) else Unknown(str(error))

    def _post(self, message: Message, caption: str) -> Outcome:
        pictured = next((text for text in message.texts.values() if text.photo_name), None)
        page = self.options["page_id"]
        if pictured is None:
            made = self.call("POST", f"{page}/feed", {"message": caption})
        else:
            alts = " / ".join(text.photo_alt for text in self._spoken(message.texts) if text.photo_alt)
            fields = {"caption": caption, "alt_text_custom": alts, "published": "true"}
            made = self.call("POST", f"{page}/photos", fields, self._photo(pictured.photo_name))
        post_id = str(made.get("post_id") or made.get("id") or "")
        if not post_id:
            raise AnswerLost("no id")
        return Accepted(post_id, self._address(post_id))

    def _photo(self, name: str) -> tuple[str, bytes, str]:
        path = Path(self.options.get("media_dir", "")) / Path(name).name
        try:
            return path.name, path.read_bytes(), MEDIA_TYPES[path.suffix.lower()]
        except (OSError, KeyError) as error:
            raise CannotCarry(kind="no_media", detail=type(error).__name__) from error

    def _order(self) -> Sequence[str]:
        order: Sequence[str] = self.options.get("languages", ("ar", "fr", "en"))
        return order

    def _spoken(self, texts: Mapping[str, Text]) -> list[Text]:
        return [texts[language] for language in self._order() if language in texts]

    def _caption(self, texts: Mapping[str, Text]) -> str:
        return BETWEEN_LANGUAGES.join(
            f"{text.subject}\n\n{text.body}".strip() for text in self._spoken(texts)
        )

    def _owns(self, external_id: str) -> bool:
        page, _, post = external_id.partition("_")
        return not post or page == self.options["page_id"]

    def _address(self, post_id: str) -> str:
        return f"https://www.facebook.com/{post_id}"

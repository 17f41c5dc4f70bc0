"""Instagram by the Graph API: a container of our picture and words, published once, taken back, read back."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from notifier import http
from notifier.backends import media_files
from notifier.backends.instagram_calls import Container, InstagramCalls
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
    Problem,
    RawRequest,
    RecallResult,
    RecallTask,
    ReceiptEvent,
    Unknown,
)
from notifier.protocols import graph, instagram, media

ROUNDS = 5  # of looking whether a container is ready, a minute apart; then another is made
DOUBTFUL = frozenset({"gateway_down", "unknown", "duplicate"})  # at publishing: it may be there all the same


class InstagramBackend(InstagramCalls):
    """OPTIONS: InstagramCalls', media_url (our public folder of pictures); media_dir, languages."""

    direct = False
    can_recall = can_read_back = carries_media = prepares = (
        True  # a caption cannot be edited: take back and post anew
    )
    max_length = {"utf-8": instagram.MAX_CAPTION}
    required_options = ("media_url", *InstagramCalls.required_options)

    def fit(self, message: Message) -> Fit:
        """The caption, and whether Instagram would take the picture; there is no post without one."""
        words, lost = instagram.caption(message.texts, self._order())
        instagram.refuse_bad_picture(self._picture(message).read_bytes())
        return Fit(words, lost=lost)

    def prepare(self, message: Message) -> str:
        """Make the container, which nobody sees; Meta fetches the picture now."""
        try:
            return self._container(message).id
        except (ConnectFailed, AnswerLost) as error:
            raise http.refusal(error) from error

    def send(self, messages: Sequence[Message]) -> list[Outcome]:
        """Nothing is seen before the last of three calls; when its answer is lost the post is looked for."""
        return [self._outcome(message) for message in messages]

    def recall(self, external_id: str) -> RecallResult:
        """Delete it; where the account's log-in may not, a person does."""
        try:
            return self.deleted(external_id)
        except (ConnectFailed, AnswerLost) as error:  # deleting twice is harmless
            raise http.refusal(error) from error
        except DeliveryError as error:
            if error.permanent or error.kind in ACCOUNT_KINDS:
                return RecallTask(error.kind)
            raise

    def read_back(self, message: Message) -> Outcome | None:
        """Look for the caption among the latest posts, then ask the container whether it was published."""
        try:
            words, _ = instagram.caption(message.texts, self._order())
            for post in self.latest():
                if graph.same_words(words, str(post.get("caption", ""))):
                    self.containers.pop(message.reference, None)
                    return Accepted(str(post["id"]), str(post.get("permalink", "")))
            made = self.containers.get(message.reference) or self.kept(message)
            if made and self.status(made).get("status_code") == "PUBLISHED":  # the list is late
                return DeliveryError(permanent=False, kind="unknown", detail="PUBLISHED, not listed")
        except DeliveryError as error:
            return error
        except (ConnectFailed, AnswerLost) as error:
            return http.refusal(error)
        return None

    def parse(self, request: RawRequest) -> list[ReceiptEvent | Inbound]:
        """Comments, mentions and direct messages."""
        return [] if request.method == "GET" else [*instagram.read_changes(request.body)]

    def fetch(self, source: Mapping[str, str]) -> Fetched:
        """What was attached to a message, from Meta's CDN; its address carries its own seal."""
        return media_files.fetched(self.transport, self.options, source, media.META_CDN)

    def check(self) -> list[Problem]:
        """Ask what is left of the day's posts: a dead token and a lost right show as well."""
        try:
            spent = instagram.quota(self.asked_quota())
        except (DeliveryError, ConnectFailed, AnswerLost) as error:
            return [http.problem(error)]
        is_spent = spent is not None and spent[0] >= spent[1]
        return [Problem("throttled", f"{spent[0]}/{spent[1]}", serious=False)] if spent and is_spent else []

    def _outcome(self, message: Message) -> Outcome:
        try:
            return self._published(message, self._container(message))
        except DeliveryError as error:
            return error
        except (ConnectFailed, AnswerLost) as error:  # before publishing: nothing can have appeared
            return http.refusal(error)

    def _container(self, message: Message) -> Container:
        """The one made before for this message, else a new one: Meta fetches the picture at this call."""
        made = self.containers.get(message.reference)
        if made is None and message.prepared:
            made = self.containers[message.reference] = Container(message.prepared)
        if made is None:
            words = self.fit(message).text
            spent = self.quota_left()
            if spent is not None:
                raise spent
            alts = " / ".join(text.photo_alt for text in message.texts.values() if text.photo_alt)
            address = f"{self.options['media_url'].rstrip('/')}/{quote(self._picture(message).name)}"
            fields = {"image_url": address, "caption": words, "alt_text": alts[: instagram.MAX_ALT]}
            made = self.containers[message.reference] = Container(self.made("media", fields))
        return made

    def _published(self, message: Message, made: Container) -> Outcome:
        status = self.settled(made)
        if status.get("status_code") == "PUBLISHED":  # its answer was lost before
            return self._found(message) or Unknown("PUBLISHED")
        fault = instagram.container_fault(status)
        if fault is not None:
            made.rounds += 1
            if fault.kind != "throttled" or made.rounds >= ROUNDS:
                self.spend(message, fault)
            return fault
        made.was_asked = True
        try:
            media_id = self.made("media_publish", {"creation_id": made.id})
        except AnswerLost as error:
            return self._found(message) or Unknown(str(error))
        except DeliveryError as error:
            if error.permanent or error.kind == "expired":
                self.spend(message, error)
            return (self._found(message) if error.kind in DOUBTFUL else None) or error
        self.containers.pop(message.reference, None)
        return Accepted(media_id, self.address(media_id))

    def _found(self, message: Message) -> Accepted | None:
        found = self.read_back(message)
        return found if isinstance(found, Accepted) else None

    def _picture(self, message: Message) -> Path:
        name = next((text.photo_name for text in message.texts.values() if text.photo_name), "")
        path = Path(self.options.get("media_dir", "")) / Path(name).name
        if not name or not path.is_file():
            raise CannotCarry(kind="no_media", detail="no picture" if not name else "not published")
        return path

    def _order(self) -> Sequence[str]:
        order: Sequence[str] = self.options.get("languages", ("ar", "fr", "en"))
        return order

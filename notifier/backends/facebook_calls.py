"""The Graph calls by which a Page speaks: its words in all languages, and one photo with them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from notifier.backends.meta import MetaBackend
from notifier.exceptions import CannotCarry
from notifier.message import DeliveryError, Message, Text

MEDIA_TYPES = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}
BETWEEN_LANGUAGES = "\n\n———\n\n"


class FacebookCalls(MetaBackend):
    """OPTIONS: MetaBackend's and page_id; languages (the order in which a post speaks them), media_dir;
    photo_by "url" has Meta fetch the photo from media_url, our public folder, in place of taking it from us.
    """

    required_options = ("page_id", *MetaBackend.required_options)

    def made(self, message: Message, caption: str) -> tuple[dict[str, Any], bool]:
        """What the Page answers to a post, and whether it is a photo's. Raise as call does, CannotCarry."""
        name = next((text.photo_name for text in message.texts.values() if text.photo_name), "")
        try:
            if name:
                return self._pictured(message, caption, name), True
            return self.call("POST", f"{self.options['page_id']}/feed", {"message": caption}), False
        except DeliveryError as error:
            if error.kind != "missing":
                raise
            # The Page itself is not there for this token: it is another owner's.
            raise DeliveryError(permanent=True, kind="permission", detail=error.detail) from error

    def caption(self, texts: Mapping[str, Text]) -> str:
        """All languages in the Page's order."""
        return BETWEEN_LANGUAGES.join(
            f"{text.subject}\n\n{text.body}".strip() for text in self._spoken(texts)
        )

    def order(self) -> Sequence[str]:
        """The languages a post speaks."""
        order: Sequence[str] = self.options.get("languages", ("ar", "fr", "en"))
        return order

    def _spoken(self, texts: Mapping[str, Text]) -> list[Text]:
        return [texts[language] for language in self.order() if language in texts]

    def _pictured(self, message: Message, caption: str, name: str) -> dict[str, Any]:
        alts = " / ".join(text.photo_alt for text in self._spoken(message.texts) if text.photo_alt)
        fields = {"caption": caption, "alt_text_custom": alts, "published": "true"}
        path = f"{self.options['page_id']}/photos"
        if self.options.get("photo_by", "upload") == "url":
            url = f"{str(self.options['media_url']).rstrip('/')}/{quote(Path(name).name)}"
            return self.call("POST", path, {**fields, "url": url})
        return self.call("POST", path, fields, self._photo(name))

    def _photo(self, name: str) -> tuple[str, bytes, str]:
        path = Path(self.options.get("media_dir", "")) / Path(name).name
        try:
            return path.name, path.read_bytes(), MEDIA_TYPES[path.suffix.lower()]
        except (OSError, KeyError) as error:
            raise CannotCarry(kind="no_media", detail=type(error).__name__) from error

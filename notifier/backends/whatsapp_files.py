"""What people send by WhatsApp, fetched in two steps: an address for an id, then its bytes for our token."""

from collections.abc import Mapping

from notifier import http
from notifier.backends.whatsapp_calls import WhatsAppCalls
from notifier.exceptions import DeliveryError, Gone, TooLarge
from notifier.message import Fetched
from notifier.protocols import graph, media, whatsapp_media

TRIES = 2


class WhatsAppFiles(WhatsAppCalls):
    """OPTIONS: WhatsAppCalls's; media_hosts, most_media_bytes, media_timeout_s."""

    def fetch(self, source: Mapping[str, str]) -> Fetched:
        """Its address lives five minutes, so a dead one is asked for anew; an id is good for seven days.

        Bytes that are not those announced are fetched again; the same bytes twice are the file, whatever was
        announced: the caller sees by their digest that it lied.
        """
        earlier = ""
        for _ in range(TRIES):
            told = self._told(source.get("media_id", ""))
            got = self._got(told)
            if got is None:
                continue
            if told.sha256 in ("", got.sha256) or earlier == got.sha256:
                return got
            earlier = got.sha256
        detail = "digest" if earlier else "media address"
        raise DeliveryError(permanent=False, kind="invalid", detail=detail)

    def let_go(self, source: Mapping[str, str]) -> None:
        """Have Meta forget a file; else it does after 30 days."""
        if source.get("media_id"):
            self.ask("DELETE", source["media_id"], {"phone_number_id": self.number()})

    def _told(self, media_id: str) -> whatsapp_media.Media:
        """Where the file lies for the next minutes. Raise Gone for an id that is known no more."""
        try:
            data = self.ask("GET", media_id, {"phone_number_id": self.number()})
        except DeliveryError as error:
            if error.detail == "/".join(map(str, graph.OBJECT_MISSING)):
                raise Gone(error.detail) from error
            raise
        return whatsapp_media.read(data)

    def _got(self, told: whatsapp_media.Media) -> Fetched | None:
        """The bytes, None when the address died before it was used. The token goes to hosts we know."""
        limits = media.limits(self.options)
        if told.size > limits.most_bytes:
            raise TooLarge
        hosts = self.options.get("media_hosts", whatsapp_media.HOSTS)
        if not whatsapp_media.may_have_token(told.url, self.options["base_url"], hosts):
            raise DeliveryError(permanent=True, kind="policy", detail="media host")
        answer = self.transport(
            http.Request(
                "GET",
                told.url,
                headers={"Authorization": f"Bearer {self.options['access_token']}"},
                read_s=self.read_s(),
                most_bytes=limits.most_bytes,
                whole_s=limits.whole_s,
            )
        )
        if answer.status in media.DEAD:
            return None
        media.read_status(answer.status)
        return media.accept(answer.body, told.media_type, limits.most_bytes)

"""How WhatsApp's Cloud API is called: JSON, and a picture uploaded once."""

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from notifier import http
from notifier.backends.meta import MetaBackend
from notifier.exceptions import AnswerLost, CannotCarry, ConnectFailed
from notifier.message import DeliveryError
from notifier.protocols import whatsapp, whatsapp_media, whatsapp_templates


class WhatsAppCalls(MetaBackend):
    """OPTIONS: MetaBackend's and phone_number_id; media_dir, media_url, day_limit_codes."""

    def __init__(
        self, alias: str, options: Mapping[str, Any], *, transport: http.Transport = http.send
    ) -> None:
        super().__init__(alias, options, transport=transport)
        self._uploaded: dict[str, str] = {}  # picture: media id; Meta keeps one for 30 days

    def picture(self, name: str) -> dict[str, str]:
        """A header's picture: a link where there is a public address, else an id, uploaded once a process.

        Without a name, or without a photo that may be shown, the neutral one. Raise DeliveryError.
        """
        if name and self.options.get("media_url"):
            return {"link": f"{str(self.options['media_url']).rstrip('/')}/{quote(Path(name).name)}"}
        if name not in self._uploaded:
            self._uploaded[name] = self._upload(name)
        return {"id": self._uploaded[name]}

    def forget_picture(self, name: str) -> None:
        """Upload it anew the next time."""
        self._uploaded.pop(name, None)

    def ask(self, method: str, path: str, fields: Mapping[str, str]) -> dict[str, Any]:
        """One call with a query. Raise DeliveryError, ConnectFailed, AnswerLost."""
        return self._read(self._request(method, path, query=fields))

    def post(self, path: str, data: Mapping[str, Any]) -> dict[str, Any]:
        """One call with a JSON body. Raise as ask does."""
        return self._read(self._request("POST", path, content=json.dumps(data).encode()))

    def day_limit_codes(self) -> Collection[int]:
        """The codes that mean the day's people are used up, where a deployment has learnt them."""
        codes: Collection[int] = self.options.get("day_limit_codes", ())
        return codes

    def _upload(self, name: str) -> str:
        path = (
            Path(self.options.get("media_dir", "")) / Path(name).name if name else whatsapp_templates.PICTURE
        )
        try:
            part = whatsapp_media.outgoing(path.name, path.read_bytes())
        except OSError as error:
            raise CannotCarry(kind="no_media", detail=type(error).__name__) from error
        fields = {"messaging_product": "whatsapp", "type": part[2]}
        try:
            made = self._read(
                self._request("POST", f"{self.number()}/media", fields=fields, files={"file": part})
            )
        except (ConnectFailed, AnswerLost) as error:  # a file more at Meta is no message more
            raise http.refusal(error) from error
        if not made.get("id"):
            raise DeliveryError(permanent=False, kind="no_media", detail="no id")
        return str(made["id"])

    def _request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        content: bytes | None = None,
        fields: Mapping[str, str] | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
    ) -> http.Request:
        options = self.options
        headers = {"Authorization": f"Bearer {options['access_token']}"}
        if content is not None:
            headers["Content-Type"] = "application/json"
        return http.Request(
            method,
            f"{options['base_url']}/{options['api_version']}/{quote(path)}",
            query=urlencode({**(query or {}), **self.proof()}),
            headers=headers,
            fields=fields,
            files=files,
            content=content,
            read_s=self.read_s(),
        )

    def _read(self, request: http.Request) -> dict[str, Any]:
        answer = self.transport(request)
        return whatsapp.read_answer(answer.status, answer.headers, answer.body, self.day_limit_codes())

    def number(self) -> str:
        """The id of our phone number."""
        return str(self.options["phone_number_id"])

    def read_s(self) -> float:
        """The longest pause in an answer, in seconds."""
        return float(self.options.get("timeout_s", http.READ_S))

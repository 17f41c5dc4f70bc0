"""How Twilio's API is called: its calls, and what people send by MMS, fetched with the same credentials."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from notifier import http
from notifier.backends import media_files
from notifier.backends.sms import SmsBackend
from notifier.exceptions import Gone
from notifier.message import Fetched
from notifier.protocols import media, twilio


class TwilioCalls(SmsBackend):
    """OPTIONS: SmsBackend's, account_sid, auth_token, base_url; api_key, api_secret, media_hosts,
    most_media_bytes, media_timeout_s, timeout_s.
    """

    required_options = ("account_sid", "auth_token", "base_url")
    secret_options = ("auth_token", "api_secret")

    def fetch(self, source: Mapping[str, str]) -> Fetched:
        """What came with a message: the API wants our credentials, and sends on to a CDN, which does not."""
        headers = self._credentials() if self._is_theirs(source.get("url", "")) else {}
        return media_files.fetched(self.transport, self.options, source, media.TWILIO_HOSTS, headers)

    def let_go(self, source: Mapping[str, str]) -> None:
        """Have Twilio forget a file; else it keeps it for ever."""
        url = source.get("url", "")
        if not self._is_theirs(url):
            raise Gone("not theirs")
        self.transport(http.Request("DELETE", url, headers=self._credentials(), read_s=self._read_s()))

    def asked(
        self, method: str, path: str, *, query: str = "", fields: Mapping[str, str] | None = None
    ) -> http.Response:
        """One call below our account. Raise ConnectFailed, AnswerLost."""
        options = self.options
        url = f"{options['base_url']}/{twilio.VERSION}/Accounts/{options['account_sid']}{path}"
        headers = {**self._credentials(), "Accept": "application/json"}
        return self.transport(http.Request(method, url, query, headers, fields, read_s=self._read_s()))

    def _credentials(self) -> dict[str, str]:
        options = self.options
        user = options.get("api_key") or options["account_sid"]
        password = options["api_secret"] if options.get("api_key") else options["auth_token"]
        return {"Authorization": twilio.basic(user, password)}

    def _is_theirs(self, url: str) -> bool:
        """Whether an address is of our own account at the API: nobody else is shown the credentials."""
        own = f"/{twilio.VERSION}/Accounts/{self.options['account_sid']}/"
        return media.is_own(url, self.options["base_url"]) and urlsplit(url).path.startswith(own)

    def _read_s(self) -> float:
        return float(self.options.get("timeout_s", http.READ_S))

"""Apprise: staff's own services (chat rooms, pagers), a few people at a time and never the public."""

import importlib
import logging
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

from notifier import http
from notifier.backends.base import Backend
from notifier.exceptions import AnswerLost, CannotCarry, ConfigurationError, ConnectFailed
from notifier.message import Accepted, DeliveryError, Fit, Message, Outcome, Problem, Unknown
from notifier.protocols.apprise import raise_failure

MOST_AT_ONCE = 20
KINDS = frozenset({"page", "notice"})  # what staff is told; the public hears by channels that can be recalled
SCHEMES_OF_THIS_MACHINE = frozenset({"dbus", "gnome", "kde", "macosx", "qt", "syslog", "windows"})


class AppriseBackend(Backend):
    """OPTIONS: targets {name: Apprise URL}; timeout_s. `to` is a name: an address never is a URL of its own.

    Apprise speaks HTTP by itself and says little of what went wrong, so this is for staff.
    """

    leaves_country = True
    resend_unknown = True  # a page twice is the lesser harm
    max_length = {"utf-8": 2000}
    required_options = ("targets",)
    secret_options = ("targets",)
    per_second = 1.0
    per_day = 500

    def __init__(
        self, alias: str, options: Mapping[str, Any], *, transport: http.Transport = http.send
    ) -> None:
        super().__init__(alias, options, transport=transport)
        self.library = _library(alias)
        self.targets = {name: self._opened(name, url) for name, url in options["targets"].items()}

    def fit(self, message: Message) -> Fit:
        """The short text, to staff alone."""
        if message.kind not in KINDS:
            raise CannotCarry(kind="rejected", detail="staff only")
        words = message.text.short or message.text.body
        if not words.strip():
            raise CannotCarry(kind="invalid", detail="empty")
        if len(words.encode(errors="replace")) > self.max_length["utf-8"]:
            raise CannotCarry(kind="too_long")
        return Fit(words, lost=("photo",) if message.text.photo_name else ())

    def send(self, messages: Sequence[Message]) -> list[Outcome]:
        """One after the other; more than a few at once is a mistake and none of them leaves."""
        if len(messages) > MOST_AT_ONCE:
            return [CannotCarry(kind="rejected", detail="too many")] * len(messages)
        return [self._outcome(message) for message in messages]

    def check(self) -> list[Problem]:
        """Nothing can be asked without telling somebody: the targets were read when this was made."""
        return [] if self.targets else [Problem("configuration", "no targets", serious=False)]

    def _outcome(self, message: Message) -> Outcome:
        try:
            words = self.fit(message).text
            if message.to not in self.targets:
                raise CannotCarry(kind="bad_address", detail="no such target")
            self._tell(self.targets[message.to], message.text.subject, words)
        except DeliveryError as error:
            return error
        except ConnectFailed as error:
            return DeliveryError(permanent=False, kind="connection", detail=str(error))
        except AnswerLost as error:
            return Unknown(str(error))
        return Accepted(message.reference)

    def _tell(self, target: Any, subject: str, words: str) -> None:
        try:
            result = target.notify(title=subject, body=words, log_level=logging.DEBUG)
        except Exception as error:  # noqa: BLE001  one of 180 plugins, by as many hands
            raise AnswerLost(type(error).__name__) from None
        if not result:
            raise_failure(entry.message for one in result for attempt in one for entry in attempt)

    def _opened(self, name: str, url: str) -> Any:
        """Apprise's own object for one target. Raise ConfigurationError, which never quotes the URL."""
        scheme = url.partition("://")[0].lower()
        timeout_s = float(self.options.get("timeout_s", http.READ_S))
        limits = f"{'&' if '?' in url else '?'}cto={http.CONNECT_S:g}&rto={timeout_s:g}"
        target = self.library.Apprise()
        with warnings.catch_warnings():  # the first URL loads every plugin there is, old ones too
            warnings.simplefilter("ignore", DeprecationWarning)
            is_good = scheme not in SCHEMES_OF_THIS_MACHINE and target.add(url + limits)
        if not is_good:
            raise ConfigurationError(f"{self.alias}: target {name} is no Apprise URL")
        return target


def _library(alias: str) -> Any:
    try:
        library = importlib.import_module("apprise")
    except ImportError:
        raise ConfigurationError(f"{alias}: the package apprise is not installed") from None
    log = logging.getLogger("apprise")  # its lines hold accounts and words: read here, written nowhere
    log.setLevel(logging.DEBUG)
    log.propagate = False
    if not log.handlers:
        log.addHandler(logging.NullHandler())
    return library

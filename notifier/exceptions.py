"""Everything the channels' edges raise.

    NotifierError
    ├── ConfigurationError            the settings are wrong: nothing can be sent until a person mends them
    ├── SendingRefused                this alias may not be used now: no simulator while sending is off
    ├── DeliveryError                 the provider said no, for good (permanent) or for now
    │   ├── CannotCarry               said by us, before anything left: this channel cannot carry this message
    │   ├── Gone                      a file somebody sent is no longer where it lay, for good
    │   └── TooLarge                  a file somebody sent is larger than is taken
    ├── TransportError                the HTTP or SMTP exchange broke
    │   ├── ConnectFailed             nothing was sent: safe to try again
    │   └── AnswerLost                it may have been accepted: never "failed", never re-sent blindly
    │       └── AnswerUnreadable      an answer came that cannot be read: too big, broken, another format
    └── HookUnreadable                a verified call-back that is not in the provider's format

None of these texts may hold an address, a message's words, a password or a URL with a query.
"""


class NotifierError(Exception):
    """The root, so that a caller can catch all of ours and nothing foreign."""


class ConfigurationError(NotifierError):
    """Say the alias and the way out: "sms: OPTIONS lacks url"."""


class SendingRefused(NotifierError):  # noqa: N818  named for what happened
    """The alias is not bound to a simulator while the message must not reach the public."""


class DeliveryError(NotifierError):
    """One message was refused.

    permanent: the same message to the same address would be refused again.
    kind: a key of notifier.message.ERROR_KINDS.
    retry_after_s: seconds the provider asks to wait, None when it did not say.
    detail: the provider's code or status, never its prose with personal data.
    is_spent: what was prepared for the message is of no use any more; the next try prepares anew.
    """

    def __init__(
        self,
        *,
        permanent: bool,
        kind: str,
        retry_after_s: float | None = None,
        detail: str = "",
        is_spent: bool = False,
    ) -> None:
        super().__init__(f"{kind} ({'permanent' if permanent else 'passing'}) {detail}".rstrip())
        self.permanent = permanent
        self.kind = kind
        self.retry_after_s = retry_after_s
        self.detail = detail
        self.is_spent = is_spent

    words: str = ""  # the other side's own, for the officer who asks why (a CAP partner's)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DeliveryError) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[bool, str, float | None, str]:
        return self.permanent, self.kind, self.retry_after_s, self.detail


class CannotCarry(DeliveryError):  # noqa: N818  named for what happened
    """Raised by fit(): refused by us before anything leaves."""

    def __init__(self, *, kind: str, detail: str = "") -> None:
        super().__init__(permanent=True, kind=kind, detail=detail)


class Gone(DeliveryError):  # noqa: N818  named for what happened
    """A file the public sent can no longer be had: its id expired, its sender or the provider removed it."""

    def __init__(self, detail: str = "media") -> None:
        super().__init__(permanent=True, kind="missing", detail=detail)


class TooLarge(DeliveryError):  # noqa: N818  named for what happened
    """A file the public sent is larger than the most bytes that are taken of one."""

    def __init__(self, detail: str = "media") -> None:
        super().__init__(permanent=True, kind="too_long", detail=detail)


class TransportError(NotifierError):
    """The exchange broke; the subclass says whether the other side may have acted."""


class ConnectFailed(TransportError):  # noqa: N818  named for what happened
    """No byte of the request reached the other side."""


class AnswerLost(TransportError):  # noqa: N818  named for what happened
    """The request left, no answer came: the other side may have acted."""


class AnswerUnreadable(AnswerLost):
    """An answer came and cannot be read."""


class HookUnreadable(NotifierError):  # noqa: N818  named for what happened
    """A verified call-back that cannot be parsed."""

"""The id of the request being answered, carried into logs and the audit."""

from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="")

"""Structured logs that hold no person: ids and codes go in, names, phones and addresses do not."""

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter

from trust.request import request_id

EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
PHONE = re.compile(r"(?<![\w.:-])(?:\+|00)?\d(?:[ .-]?\d){7,14}(?![\w:-])")
SECRET = re.compile(r"(?i)(password|access_token|token|secret|to|text)=([^&\s\"]+)")


def scrub(text: str) -> str:
    """Return the text with e-mail addresses, phone numbers and secrets in query strings replaced."""
    return SECRET.sub(r"\1=[left out]", PHONE.sub("[number]", EMAIL.sub("[address]", text)))


def frames(trace: TracebackType | None) -> list[str]:
    """Return where an error went through. Its message stays out: it may quote what somebody typed."""
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]


class NoPersons(logging.Filter):
    """Scrub a record's message and drop its traceback's values before any handler sees it."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = scrub(record.getMessage())
        record.args = ()
        return True


class JsonFormatter(logging.Formatter):
    """One JSON object a line: at, level, logger, message, request id."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage().replace("\r", " ").replace("\n", " "),
        }
        if request_id.get():
            entry["request"] = request_id.get()
        if record.exc_info and record.exc_info[0] is not None:
            entry["error"] = record.exc_info[0].__name__
            entry["trace"] = frames(record.exc_info[2])
        return json.dumps(entry, ensure_ascii=False)


class NoLocals(SafeExceptionReporterFilter):
    """Error reports carry no local variable, no form field and no file name of a person."""

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        return {}

    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: Any) -> Any:
        return {}.items()

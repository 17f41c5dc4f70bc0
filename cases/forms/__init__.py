"""What a family types: every refusal stands beside its field, and what was typed stays."""

from __future__ import annotations

from cases.forms.start import StartForm
from cases.forms.thread import KeyForm, MessageForm

__all__ = ["KeyForm", "MessageForm", "StartForm"]

"""What a case says, in the words an officer reads: facts as codes become sentences of the active language."""

from __future__ import annotations

from cases.sheet.words import channel_name, in_words, label, language, may_see

__all__ = ["channel_name", "in_words", "label", "language", "may_see"]

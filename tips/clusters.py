"""Which tips are about one thing, and what a group of them weighs. Pure."""

from __future__ import annotations

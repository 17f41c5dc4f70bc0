"""What other packages say, and what alerts do then."""

from __future__ import annotations

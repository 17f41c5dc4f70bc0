"""What happened to rights and to closed doors, for those above: listeners run in the sender's transaction."""

from __future__ import annotations

from django.dispatch import Signal

# officer: Officer, code: a code of granting.TOLD, subject: UUID of the thing said
account_changed = Signal()
# glass: Glass; an officer opened for reading what is not theirs
glass_broken = Signal()

"""What happened in a case, for those above: listeners must run in the sender's transaction."""

from __future__ import annotations

from django.dispatch import Signal

# case: Case, outcome: str (a code of the vocabulary "outcome"), officer: Officer
case_closed = Signal()
# consent: Consent; sent when it has stopped being live, never while a decision about it still runs
consent_withdrawn = Signal()
# case: Case, former: Unit; another unit holds the case now
case_transferred = Signal()
# sighting: Sighting, officer: Officer; what it was made of has to be decided anew
sighting_withdrawn = Signal()

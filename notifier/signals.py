"""What this package tells those above it.

inbound_received(event=InboundEvent): the public sent us something. A listener runs at least once for each
event, so it must bear a second call; while one raises, the event stays unhandled and is announced again.
"""

from django.dispatch import Signal

inbound_received = Signal()

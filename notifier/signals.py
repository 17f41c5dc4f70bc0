"""What this package tells those above it.

inbound_received(event=InboundEvent): the public sent us something. A listener runs at least once for each
event, so it must bear a second call; while one raises, the event stays unhandled and is announced again.

addresses_gone(channel=str, reason=str, deliveries=[id, …]): providers said that nothing must or can be sent
to the addresses of these deliveries any more: "opted_out", "gone" (a browser's subscription), "bounced".
Sent after the commit, with ids alone; whoever holds addresses ends them. It may be said twice.
"""

from django.dispatch import Signal

inbound_received = Signal()
addresses_gone = Signal()

"""One intake, whatever the door: what was told becomes a Tip, and whoever told it gets an answer.

    Entered(tip, reference, secret, repeated) = enter(Told(door="web", words=…, submission=…))
    on_inbound(sender, event)                   # the listener of notifier.signals.inbound_received

Everything here may run twice unharmed: a Tip is unique by its event, or by the token of the form.
"""

from tips.intake.entering import Entered, enter
from tips.intake.event import on_inbound, receive

__all__ = ["Entered", "enter", "on_inbound", "receive"]

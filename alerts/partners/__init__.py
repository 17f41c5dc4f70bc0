"""Partners that take the CAP documents of an alert, and what each of them answered.

    announce(version, document)    # at a signature, in its transaction
    end(version, document)         # at the end, in its transaction

When consent ends nothing more leaves and who has a document is called: alerts.partners.hand does that.
One thing is said by one document: its UUID is the subject of the batch, so that partners are counted apart
from the people an alert tells.
"""

from alerts.partners import hand  # noqa: F401  # for what it registers
from alerts.partners.announcing import announce, end
from alerts.partners.channel import CHANNEL
from alerts.partners.looking import look_after

__all__ = ["CHANNEL", "announce", "end", "look_after"]

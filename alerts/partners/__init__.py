"""Partners that take the CAP documents of an alert, and what each of them answered.

    announce(version, document)    # at a signature, in its transaction
    end(version, document)         # at the end, in its transaction
    silence(version)               # when consent ends: nothing more leaves, and who has it is called

One thing is said by one document: its UUID is the subject of the batch, so that partners are counted apart
from the people an alert tells.
"""

from alerts.partners.announcing import announce, end, silence
from alerts.partners.channel import CHANNEL
from alerts.partners.looking import look_after

__all__ = ["CHANNEL", "announce", "end", "look_after", "silence"]

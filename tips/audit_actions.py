"""What the audit log says of tips."""

from trust import audit

audit.declare(
    {
        "tip.received": "A tip came in from the public",
        "tip.added_to": "Its witness added to a tip",
        "tip.message_deleted": "Its witness deleted a message that a tip holds",
        "tip.witness_moved": "A witness goes by another number or id",
        "tip.moved": "A tip was given another state",
        "tip.risen": "A tip waited past its limit; a superior was called; reason: clock; after: level",
        "tip.viewed": "Somebody looked at a tip",
        "tip.noted": "A witness typed the receipt again: it was noted right",
        "tip.thread_opened": "A thread was opened by reference and secret",
        "tip.witness_wrote": "A witness added to a tip",
        "subscription.stopped": "A stop word ended a subscription",
    }
)
audit.declare(
    {
        "attachment.sealed": "The original of what came along was sealed",
        "attachment.copied": "A copy to look at was made of what came along",
        "attachment.unreadable": "No copy could be made of what came along",
        "attachment.gone": "What came along can no longer be fetched, or was refused",
        "attachment.viewed": "Somebody looked at a picture, a clip or a document of a tip",
        "attachment.verdict": "A picture or a clip was judged",
        "attachment.frozen": "A picture or a clip was frozen",
        "attachment.frozen_open_asked": "Somebody asked to look at what is frozen",
        "attachment.frozen_opened": "Somebody looked at what is frozen, with a second officer's leave",
        "attachment.unfreeze_asked": "Somebody asked to take a freeze back",
        "attachment.unfrozen": "A freeze was taken back by two",
        "attachment.freeze_answered": "A second officer answered about what is frozen",
        "attachment.exported": "The sealed original was taken out as evidence",
        "attachment.destroyed": "What came along with a tip was destroyed",
        "footage.added": "A picture or a clip was put among those known to be old or false",
        "footage.removed": "A picture or a clip was taken out of those known",
    }
)
audit.declare(
    {
        "tip.close_asked": "An officer asked a second reader to agree to a tip's end; the reason is a code",
        "tip.close_agreed": "A second reader agreed to a tip's end",
        "tip.close_refused": "A second reader did not agree to a tip's end",
        "tip.refuted": "A statement was drafted from a tip; after is the statement",
        "tip.made_sighting": "A tip became a sighting; after is the case",
        "tip.made_case": "A tip became a case; after is the case",
        "tip.address_kept": "A witness's number went into the case made of the tip; after is the case",
        "tip.handed_over": "A tip was handed to another unit; after is the unit where it has a desk here",
        "tip.acknowledged": "The unit a tip was handed to has it",
        "tip.sent_back": "The unit a tip was handed to sent it back",
        "tip.reopened": "A decided tip was opened again; before is its state, after the tip like it",
        "tip.replied": "An officer wrote to whoever told us; the reason says whether an answer is waited for",
        "tip.witness_answered": "A witness wrote again",
        "tip.reveal_asked": "An officer asked to see who told us; the reason is a code",
        "tip.reveal_granted": "A second officer let the asker see who told us; after is the question",
        "tip.reveal_refused": "A second officer did not let the asker see who told us",
        "tip.revealed": "An officer looked at who told us, with a second officer's leave",
    }
)

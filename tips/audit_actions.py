"""What the audit log says of tips."""

from trust import audit

audit.declare(
    {
        "tip.received": "A tip came in from the public",
        "tip.moved": "A tip was given another state",
        "tip.viewed": "Somebody looked at a tip",
        "subscription.stopped": "A stop word ended a subscription",
    }
)

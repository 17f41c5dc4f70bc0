"""The channel by which partners are reached, as NOTIFIER names it."""

CHANNEL = "cap_partner"

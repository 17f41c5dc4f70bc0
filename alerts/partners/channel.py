"""The channel by which partners are reached, as NOTIFIER names it."""

from alerts.channels import PARTNERS

CHANNEL = PARTNERS

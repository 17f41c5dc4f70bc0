"""Asking to be told, confirming it, and leaving."""

from alerts.addresses import AddressRefused
from alerts.subscribe.asking import ask, confirm, forget
from alerts.subscribe.enrolling import enrol_people
from alerts.subscribe.leaving import address_gone, end, end_by_address, end_person

__all__ = [
    "AddressRefused",
    "address_gone",
    "ask",
    "confirm",
    "end",
    "end_by_address",
    "end_person",
    "enrol_people",
    "forget",
]

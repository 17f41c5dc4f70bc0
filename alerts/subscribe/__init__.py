"""Asking to be told, confirming it, and leaving."""

from alerts.addresses import AddressRefused
from alerts.subscribe.arranging import Way, move, remove, ways_of
from alerts.subscribe.asking import Wish, ask, ask_to_write, forget
from alerts.subscribe.confirming import came_back, confirm, confirmed_as, has_written, written
from alerts.subscribe.enrolling import enrol_people
from alerts.subscribe.leaving import (
    address_gone,
    end,
    end_by_address,
    end_person,
    language_of_address,
)
from alerts.subscribe.renewing import renew

__all__ = [
    "AddressRefused",
    "Way",
    "Wish",
    "address_gone",
    "ask",
    "ask_to_write",
    "came_back",
    "confirm",
    "confirmed_as",
    "end",
    "end_by_address",
    "end_person",
    "enrol_people",
    "forget",
    "has_written",
    "language_of_address",
    "move",
    "remove",
    "renew",
    "ways_of",
    "written",
]

"""What other packages say, and what alerts do then, in the sender's transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from alerts import subscribe, withdrawal
from alerts.issue.ending import end, lapse_proposals
from alerts.models import Address, Alert
from cases.models import Case, Consent
from cases.signals import case_closed, consent_withdrawn
from cases.standing import MILESTONES, Milestone
from notifier.models import Delivery
from notifier.signals import addresses_gone
from trust.models import Officer

# "Found" is said to the public only of a living child.
ENDS = {
    "found_safe": Alert.End.FOUND,
    "found_injured": Alert.End.FOUND,
    "found_place_withheld": Alert.End.FOUND,
    "unfounded": Alert.End.ERROR,
}


@receiver(case_closed)
def end_alerts(case: Case, outcome: str, officer: Officer | None = None, **_more: Any) -> None:
    """End what is live on a closed case; whoever closed it had the right and a fresh factor."""
    for alert in Alert.objects.live().filter(case=case):
        end(alert, ENDS.get(outcome, Alert.End.ENDED), officer)
    lapse_proposals(case)


@receiver(consent_withdrawn)
def take_back(consent: Consent, **_more: Any) -> None:
    """Take back what a withdrawn consent no longer covers."""
    withdrawal.take_back(consent)


@receiver(addresses_gone)
def end_addresses(channel: str, reason: str, deliveries: Sequence[int], **_more: Any) -> None:
    """End the addresses that a provider says are gone, by their keyed digests."""
    told = Delivery.objects.filter(pk__in=deliveries).values_list("person", "address")
    sealed = {(person, bytes(address)) for person, address in told}
    held = Address.objects.filter(subscription__in={person for person, _address in sealed}, channel=channel)
    for person, value, token in held.values_list("subscription", "value", "token"):
        if (person, bytes(value)) in sealed:
            subscribe.address_gone(channel, token, reason)


def alert_times(case: Case) -> Iterator[Milestone]:
    """Yield when the public was alerted about a case, and when that ended."""
    for alert in Alert.objects.public().filter(case=case).order_by("live_at"):
        if alert.live_at:
            yield Milestone(_("Alert sent"), alert.live_at)
        if alert.ended_at:
            yield Milestone(_("Alert ended"), alert.ended_at)


MILESTONES.append(alert_times)

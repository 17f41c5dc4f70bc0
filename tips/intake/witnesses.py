"""A witness's address: kept in step with the provider, and silent once its holder asked for that."""

from __future__ import annotations

from alerts.subscribe.leaving import PHONES
from tips.models import Tip, Witness
from trust import audit, clock, keys


def token(channel: str, address: str) -> str:
    return keys.token("witness", f"{channel}\0{address}")


def move(channel: str, before: str, now: str) -> None:
    """Give the witness of one address another; where that one is known already, both are one from now on."""
    witness = _find(channel, before)
    if witness is None or not now or now == before:
        return
    known = _find(channel, now)
    if known is not None:
        Tip.objects.filter(witness=witness).update(witness=known)
        witness = known
    else:
        witness.token, witness.address = token(channel, now), now
        witness.save(update_fields=["token", "address"])
    audit.record("tip.witness_moved", witness)


def silence(channel: str, address: str) -> bool:
    """Answer nobody at this address any more, as SMS and as WhatsApp alike; say whether anybody was."""
    names = PHONES if channel in PHONES else (channel,)
    found = Witness.objects.filter(channel__in=names, token__in=[token(name, address) for name in names])
    known = found.filter(stopped_at=None).update(stopped_at=clock.now())
    _remember(channel, address)
    return bool(known)


def unsilence(channel: str, address: str) -> None:
    names = PHONES if channel in PHONES else (channel,)
    tokens = [token(name, address) for name in names]
    Witness.objects.filter(channel__in=names, token__in=tokens).update(stopped_at=None)


def _remember(channel: str, address: str) -> None:
    """Keep that this address asked for silence, by its digest alone: the address itself is not kept."""
    if not address:
        return
    at = clock.now()
    row = Witness(channel=channel, token=token(channel, address), language="", first_at=at, stopped_at=at)
    Witness.objects.bulk_create([row], ignore_conflicts=True)


def _find(channel: str, address: str) -> Witness | None:
    return Witness.objects.filter(channel=channel, token=token(channel, address)).first() if address else None

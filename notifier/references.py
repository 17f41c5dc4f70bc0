"""Our own name for a delivery, given to gateways and returned in their receipts.

"<id in base 36>-<12 hex digits of an HMAC>": it finds its delivery by primary key without an index of its
own, nobody can make one up, and it says nothing about the person. The same delivery always has the same one,
so a message sent again keeps its Message-ID.
"""

import hmac

from django.utils.http import base36_to_int, int_to_base36

from trust import keys

PROOF_DIGITS = 12
MAX_ID = 2**63 - 1


def _proof(number: str) -> str:
    return keys.token("delivery", number)[:PROOF_DIGITS]


def reference(delivery_id: int) -> str:
    number = int_to_base36(delivery_id)
    return f"{number}-{_proof(number)}"


def delivery_id(reference: str) -> int | None:
    """Return the id a reference names, None when it is not one of ours."""
    number, _, proof = reference.partition("-")
    if not proof.isascii() or not hmac.compare_digest(proof, _proof(number[:13])):
        return None
    found = base36_to_int(number)
    return found if found <= MAX_ID else None

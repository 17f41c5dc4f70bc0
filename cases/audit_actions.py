"""The acts on a case that the log knows by name."""

from __future__ import annotations

from trust import audit

audit.declare(
    {
        "case.received": "a report arrived and became a case",
        "case.told": "somebody added or changed what the case file says",
        "case.secret_renewed": "an officer gave the family a new secret; the old one opens nothing",
        "case.resemblance_decided": "an officer said whether two cases are about the same child",
        "case.erasure_asked": "the reporter asked for the case to be forgotten",
        "case.accepted": "an officer took the case for review",
        "case.opened": "an officer opened the case file",
        "case.closed": "an officer closed the case with an outcome",
        "case.merged": "a case was joined to another of the same child",
        "case.took_in": "another case of the same child was joined to this one",
        "case.reopened": "a case closed less than a day ago was opened again",
        "case.erased": "the case's key was destroyed and its columns blanked",
        "case.owner_changed": "another officer holds the case; before and after are accounts",
        "case.hand_over_offered": "a case was offered to an officer at the end of its holder's shift",
        "case.owner_stays": "the holder of a case stays on it after the end of the shift",
        "case.transfer_asked": "a unit asked another to take the case; after is the unit",
        "case.transfer_refused": "the unit that was asked refused the case",
        "case.transfer_called_off": "the unit that holds the case took its question back",
        "case.transferred": "another unit took the case; before and after are units",
        "case.thread_opened": "somebody opened the thread with reference and secret",
        "case.family_wrote": "the family wrote in the thread",
        "case.police_wrote": "an officer answered in the thread",
        "case.home_reported": "the family said that the child is home",
        "case.conflict_set": "the conflict flag was raised; the case holds the ground, sealed",
        "case.conflict_settled": "an approver recorded a named authority's decision; the flag is down",
        "case.public_changed": "the case became public, or ceased to be",
        "consent.given": "a guardian consented to publication",
        "consent.refused": "a guardian refused publication",
        "consent.withdrawal_asked": "a guardian asked for consent to end while an alert is live",
        "consent.withdrawal_left": "a guardian asked consent back while in conflict: a task, not an act",
        "consent.withdrawn": "a consent ended",
        "consent.ran_out": "a consent ended by its own term",
    }
)

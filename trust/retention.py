"""What trust keeps, who may read it, and until when."""

from trust import sessions, throttle
from trust.declared import Declaration, Declared

_INTERNAL = Declared("internal", "as long as the row")
_OFFICERS = Declared("officers", "as long as the account")
_DUTY = Declared("officers", "as long as the subject's file, then by the archive authority")
_LOG = Declared("internal", "until its sealed segment is exported")


_PUBLIC = Declared("public", "as long as the agency")
_FOR_EVER = Declared("internal", "for ever")
_KEYS = Declared("internal", "wrapped until destroyed, the row for ever")
_SESSION = Declared("internal", "until the session is over")
_WINDOW = Declared("internal", "until its window is over")


def _all(declared: Declared, names: str) -> dict[str, Declared]:
    return dict.fromkeys(names.split(), declared)


DECLARED: Declaration = {
    "Agency": _all(_INTERNAL, "id") | _all(_PUBLIC, "code names phone time_zone"),
    "Unit": _all(_INTERNAL, "id agency") | _all(_OFFICERS, "code names phone duty_officer"),
    "Officer": _all(
        _OFFICERS, "id username display_name language unit phone email is_active groups created_at"
    )
    | _all(_INTERNAL, "password password_is_temporary is_superuser last_login"),
    "Shift": _all(_OFFICERS, "id unit officer role starts_at ends_at"),
    "Decision": _all(
        _DUTY,
        "id act subject digest asked_by decided_by asked_at decided_at outcome ground reason expires_at",
    ),
    "ReadingFlag": _all(
        _DUTY,
        "id officer unit kind window_start window_end count raised_at looked_at looked_by verdict reason",
    ),
    "ReadingMark": _all(_FOR_EVER, "id read_to_at"),
    "Glass": _all(_DUTY, "id officer subject subject_kind unit ground opened_at until flag")
    | _all(Declared("restricted", "as long as the subject's file"), "words"),
    "SignIn": _all(_SESSION, "id officer session_key device began_at seen_at"),
    "Task": _all(
        _DUTY,
        "id kind subject subject_kind unit owner detail_code created_at due_at done_at done_by result",
    ),
    "AuditEntry": _all(
        _LOG,
        "id at actor actor_role action subject_kind subject purpose before after reason request_id mac txid",
    ),
    "Seal": _all(_LOG, "number ranges count total last_id horizon base previous hash at"),
    "AuditExport": _all(_FOR_EVER, "id first_id last_id first_seal last_seal head total at mac"),
    "DataKey": _all(_KEYS, "owner kind wrapped ring_key_id created_at destroyed_at"),
    "ThrottleHit": _all(_WINDOW, "id scope key window count ends_at"),
}


def purge(*, dry_run: bool = False) -> dict[str, int]:
    """Delete what has outlived its time; return how many rows of each kind (or would be, with dry_run)."""
    return {
        "throttle_hits": throttle.purge(dry_run=dry_run),
        "sign_ins": sessions.purge(dry_run=dry_run),
    }

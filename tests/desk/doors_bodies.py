"""What is typed and pressed behind each door, so that the act would happen were it allowed."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from alerts import linting
from alerts.composing import compose
from alerts.statements import checking
from cases.models import Resemblance
from tests import people
from tests.alerts import stating
from tests.desk.doors_world import World
from trust import clock
from trust.models import Officer, Shift

DRAFT = {
    "kind": "actual", "shape": "circle", "lat": "33.99", "lon": "-6.85", "radius_km": "10",
    "channels": ["sms"], "hours": "5",
}  # fmt: skip
NAMES = {"name_ar": "الأمن", "name_fr": "Sûreté", "name_en": "Police", "phone": "+212537000009"}


def _shift(world: World) -> dict[str, str]:
    day = clock.now() + timedelta(days=5)
    shift = Shift.objects.get(pk=world.keys["shift"]["pk"])
    return {
        "unit": str(shift.unit_id), "officer": str(shift.officer_id), "role": shift.role,
        "day": day.date().isoformat(), "begins": "08:00", "ends": "16:00",
    }  # fmt: skip


def _officer(username: str) -> dict[str, str]:
    return {
        "username": username, "display_name": "Karima", "language": "fr", "unit": str(people.unit().pk),
        "phone": "+212600000001", "email": "k@police.example", "is_active": "on",
    }  # fmt: skip


def _same(world: World) -> dict[str, str]:
    pair = Resemblance.objects.get(pk=world.keys["open"]["twin_pk"])
    twin = pair.other if str(pair.case_id) == world.keys["open"]["pk"] else pair.case
    return {"keep": world.keys["open"]["pk"], "child_0": str(twin.children.get().pk)}


def _seen(world: World) -> dict[str, Any]:
    version, now = world.versions["draft"], clock.now()
    return {"seen": [finding.key for finding in linting.findings(version, compose(version, now), now)]}


def _now() -> dict[str, str]:
    local = timezone.localtime(clock.now() - timedelta(minutes=30))
    return {"said_date": local.date().isoformat(), "said_time": f"{local:%H:%M}"}


def _found(world: World) -> dict[str, str]:
    local = timezone.localtime(clock.now() - timedelta(minutes=30))
    return {
        "sex": "girl", "name_said": "Nour", "where_now": "Foyer", "last_seen_words": "Agdal",
        "ago": "other", "seen_date": local.date().isoformat(), "seen_time": f"{local:%H:%M}",
    }  # fmt: skip


def _order() -> dict[str, str]:
    local = timezone.localtime(clock.now() - timedelta(minutes=30))
    return {
        "office": "prosecutor", "magistrate": "Maître Bennis", "how": "phone", "words": "Appel de 14 h 10",
        "given_on": local.date().isoformat(), "given_time": f"{local:%H:%M}",
    }  # fmt: skip


def _removed() -> dict[str, str]:
    local = clock.now().astimezone(ZoneInfo(people.unit().agency.time_zone))
    return {
        "who": "Omar Alaoui", "evidence": "La page dit que le contenu n’existe plus.",
        "day": local.date().isoformat(), "hour": f"{local:%H:%M}",
    }  # fmt: skip


def _hour() -> dict[str, str]:
    local = clock.now().astimezone(ZoneInfo(people.unit().agency.time_zone))
    return {"who": "Salma Bennis", "day": local.date().isoformat(), "hour": f"{local:%H:%M}"}


def _stated() -> dict[str, str]:
    words = {f"{part}_{code}": said for code, one in stating.TEXTS.items() for part, said in one.items()}
    return {"kind": "rumour", "words": stating.WORDS, **words}


def _relay(name: str) -> dict[str, Any]:
    agency = str(people.agency().pk)
    return {
        "agency": agency,
        "name": name,
        "kind": "radio",
        "languages": ["fr"],
        "duty_phone": "+212612345670",
    }


def _sighting(world: World) -> dict[str, str]:
    return {
        **_told_where(), "case": world.keys["open"]["pk"], "certainty": "likely", "source_class": "witness",
    }  # fmt: skip


def _told_where() -> dict[str, str]:
    local = clock.now().astimezone(ZoneInfo(people.unit().agency.time_zone))
    day, hour = local.date().isoformat(), f"{local:%H:%M}"
    return {"place": "gare d’Agdal", "lat": "33.99", "lon": "-6.85", "day": day, "hour": hour}


BODIES: Mapping[str, Callable[[World], dict[str, Any]]] = {
    "tips_tip_questions": lambda world: {"q-source": "yes", "q-source_words": "Elle l’a vu."},
    "tips_tip_reply": lambda world: {"body": "Où exactement ?", "asks": "on"},
    "tips_tip_sighting": _sighting,
    "tips_tip_case": lambda world: {**_told_where(), "given_name": "Nour", "age_years": "9"},
    "tips_tip_hand": lambda world: {"unit": str(people.unit("hassan").pk), "words": "C’est chez eux."},
    "tips_tip_taken": lambda world: {"words": ""},
    "tips_tip_back": lambda world: {"words": "Ce n’est pas chez nous."},
    "tips_tip_reopen": lambda world: {"words": "À revoir."},
    "tips_tip_close": lambda world: {"reason": "unrelated:joke"},
    "tips_tip_second": lambda world: {"answer": "agree"},
    "tips_tip_statement": lambda world: {"reason": "old:older_footage"},
    "tips_tip_reveal": lambda world: {"reason": "threat"},
    "tips_tip_verdict": lambda world: {"verdict": "false", "words": "Une autre gare."},
    "tips_tip_known": lambda world: {"title": "Une gare", "origin": "Un journal de 2019"},
    "tips_tip_frozen": lambda world: {"reason": "court", "what": "open"},
    "tips_tip_export": lambda world: {"reason": "court"},
    "alerts_alert_removed": lambda world: _removed(),
    "account_change_password": lambda world: {"oldpassword": "x", "password1": "y", "password2": "y"},
    "choose_language": lambda world: {"language": "fr"},
    "cases_case_file": lambda world: {
        "how": "phone", "language": "fr", "name_1": "Nour", "age_1": "9", "last_seen_words": "Agdal",
        "ago": "hour", "phone": "0612345679", "children": "1",
    },
    "cases_case_file_post": lambda world: {
        "network": "facebook", "address": "https://www.facebook.com/p/1", "language": "fr", "name_1": "Nour",
        "children": "1", **_now(),
    },
    "cases_case_spoken": lambda world: {
        "number": "face", "relation": "father", "proof": "none", "result": "confirmed",
    },
    "cases_case_override": lambda world: {"ground": "unreachable", "words": "Personne ne répond."},
    "cases_case_check": lambda world: {"place": "home", "how": "visited"},
    "cases_case_checked": lambda world: {"place": "home", "how": "visited", "result": "not_there"},
    "cases_case_sight": lambda world: {
        "words": "souk de Salé", "certainty": "likely", "source_class": "witness", **_now(),
    },
    "cases_case_unsight": lambda world: {"why": "false"},
    "cases_foundchild_add": _found,
    "cases_foundchild_tell": _found,
    "cases_foundchild_match": lambda world: {"verdict": "different", "words": "Un autre garçon."},
    "cases_foundchild_close": lambda world: {"why": "returned", "words": "Rendu à sa mère."},
    "cases_foundchild_reopen": lambda world: {"words": "La mère n’est pas la sienne."},
    "alerts_order_record": lambda world: _order(),
    "alerts_order_hold": lambda world: _order(),
    "alerts_order_release": lambda world: {"words": "Levée par le substitut."},
    "alerts_order_decide": lambda world: {"answer": "release"},
    "alerts_version_ask_release": lambda world: {"release": ["suspect"], "why": "Lui seul l’a vue."},
    "alerts_version_release_grant": lambda world: {"digest": world.release_digest},
    "alerts_version_release_refuse": lambda world: {"reason": "essai"},
    "alerts_version_at_once": lambda world: {
        "ground": "no_answer", "words": "Personne ne répond.", "digest": world.versions["urgent"].digest,
    },
    "trust_glass_add": lambda world: {"reference": world.beyond, "ground": "life", "words": "Trouvée ici."},
    "trust_readingflag_change": lambda world: {"verdict": "duty", "reason": "De garde."},
    "cases_case_write": lambda world: {"body": "Nous cherchons."},
    "cases_case_close": lambda world: {"outcome": "found_safe", "confirm": "on"},
    "cases_case_conflict": lambda world: {"ground": "custody_order"},
    "cases_case_settle": lambda world: {
        "authority": "TPI Rabat 12/26", "decision": "Garde à la mère", "decided_on": "2026-01-05",
    },
    "cases_case_same": _same,
    "cases_case_tell": lambda world: {
        "act": "save", "words": "Chez Houda", "kind": "friend", "told-how": "phone", "told-language": "fr",
    },
    "cases_case_tell_child": lambda world: {
        "act": "save", "given_name": "Aminata", "family_name": "El Idrissi", "sex": "girl",
        "told-how": "phone", "told-language": "fr",
    },
    "cases_case_transfer": lambda world: {"unit": str(people.unit("sale").pk), "words": "Elle habite là."},
    "cases_case_transfer_answer": lambda world: {"answer": "accept"},
    "alerts_alert_draft": lambda world: DRAFT,
    "alerts_alert_decline": lambda world: {"reason_code": "harm", "words": "essai"},
    "alerts_alert_update": lambda world: DRAFT,
    "alerts_alert_stop": lambda world: {"as_": "found", "reason": "essai"},
    "alerts_version_revise": lambda world: DRAFT,
    "alerts_version_propose": _seen,
    "alerts_version_sign": lambda world: {"digest": world.versions["proposed"].digest},
    "alerts_version_return": lambda world: {"reason": "essai"},
    "alerts_version_refuse": lambda world: {"reason": "essai"},
    "trust_shift_add": _shift,
    "trust_shift_change": _shift,
    "trust_shift_delete": lambda world: {"post": "yes"},
    "trust_agency_change": lambda world: {**NAMES, "time_zone": "Africa/Casablanca"},
    "alerts_alert_relay": lambda world: _hour(),
    "alerts_alert_dossier": lambda world: _hour(),
    "alerts_relay_add": lambda world: _relay("Radio Gharb"),
    "alerts_relay_change": lambda world: _relay("Radio Atlas"),
    "alerts_partner_add": lambda world: {"name": "Tram de Rabat", "key": "tram", "answer_within_m": "5"},
    "alerts_partner_change": lambda world: {"name": "Radio Atlas", "answer_within_m": "5"},
    "trust_unit_add": lambda world: {
        **NAMES, "agency": str(people.agency().pk), "code": "temara", "duty_officer": "",
    },
    "trust_unit_change": lambda world: {
        **NAMES, "agency": str(people.agency().pk), "code": "agdal", "duty_officer": "",
    },
    "trust_officer_add": lambda world: _officer("karima"),
    "trust_officer_change": lambda world: _officer(
        Officer.objects.get(pk=world.keys["officer"]["pk"]).username
    ),
}  # fmt: skip
BODIES = {
    **BODIES,
    "alerts_statement_new": lambda world: _stated(),
    "alerts_statement_edit": lambda world: _stated(),
    "alerts_statement_find": lambda world: {"pasted": stating.WORDS},
    "alerts_statement_propose": lambda world: {
        "seen": [one.key for one in checking.findings(world.statements["statement draft"])]
    },
    "alerts_statement_sign": lambda world: {"digest": world.statements["statement"].digest},
    "alerts_statement_refuse": lambda world: {"reason": "essai"},
    "alerts_statement_ask_withdrawal": lambda world: {"reason": "essai"},
    "alerts_statement_withdraw": lambda world: {"digest": world.statements["statement to withdraw"].digest},
    "alerts_statement_communique": lambda world: {"first": "2026-01-01", "last": "2026-01-31"},
    "tips_call": lambda world: {"told_words": "Vu près de la gare", "language": "fr"},
    "tips_call_look": lambda world: {"told_words": "Vu près de la gare"},
    "tips_found": lambda world: {"link": "https://www.facebook.com/p/2"},
}
# What Django's own lists would do if they offered it.
ACTION = {"action": "delete_selected", "index": "0", "post": "yes"}


def body(name: str, world: World, keys: Mapping[str, str]) -> dict[str, Any]:
    if name.endswith("_changelist"):
        return {**ACTION, "_selected_action": [keys.get("pk", "1")]}
    return BODIES[name](world) if name in BODIES else {"post": "yes"}

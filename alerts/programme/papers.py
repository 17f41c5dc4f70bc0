"""The forms in which a dossier leaves: PDF, JSON, CAP and the photo, each with its media type."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from alerts import cap, language, wording
from alerts.models import Dossier
from alerts.programme.as_pdf import Paper, Part, as_pdf
from alerts.programme.contents import as_cap, contents
from alerts.programme.model import Contents, as_json
from trust.names import in_language

FONTS = settings.BASE_DIR / "static" / "fonts"
FORMS = {
    "pdf": ("application/pdf", "pdf"),
    "json": ("application/json", "json"),
    "cap": (cap.MEDIA_TYPE, "xml"),
    "photo": ("image/jpeg", "jpg"),
}


def answer(dossier: Dossier, form: str, at: datetime) -> HttpResponse | None:
    """Return one form of the dossier; None where it is over, or consent keeps this form out of it."""
    held = contents(dossier.version, at)
    made = _bytes(dossier, held, form, at) if held is not None else None
    if made is None:
        return None
    kind, ending = FORMS[form]
    name = f"{dossier.alert.code}-{dossier.version.number}.{ending}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex, noarchive, noimageindex",
        "Referrer-Policy": "no-referrer",
    }
    return HttpResponse(made, content_type=kind, headers=headers)


def _bytes(dossier: Dossier, held: Contents, form: str, at: datetime) -> bytes | None:
    if form == "json":
        return as_json(held)
    if form == "cap":
        return as_cap(dossier, held, at)
    return as_pdf(paper(dossier, held), [FONTS]) if form == "pdf" else held.photo


def paper(dossier: Dossier, held: Contents) -> Paper:
    """Return the dossier with its own words in the active language, and the child's in all of them."""
    code = (get_language() or settings.LANGUAGE_CODE).split("-")[0]
    spoken, zone = language.load(code), ZoneInfo(dossier.alert.case.agency.time_zone)
    times = [
        wording.moment(datetime.fromisoformat(at), zone, spoken) for at in (held.signed_at, held.expires_at)
    ]
    named = {"code": held.alert, "version": held.version}
    facts = (
        (_("Issued by"), in_language(held.agency)),
        (_("Signed"), times[0]),
        (_("Show it until"), times[1]),
        (_("Show it within"), _("%(km)s km of the point") % {"km": f"{held.radius_km:g}"}),
        (_("Point"), f"{held.lat:.4f}, {held.lon:.4f}"),
        (_("To call"), held.call),
        (_("Public page"), held.web),
        (_("Identifier"), held.identifier),
    )
    return Paper(
        language=code,
        is_rtl=bool(get_language_info(code)["bidi"]),
        mark=spoken.say("kind", held.kind).strip(),
        title=_("AMBER dossier · alert %(code)s, version %(version)s") % named,
        subtitle=_("For Meta’s AMBER team alone. Delete it, and the photo, when the alert is over."),
        facts=facts,
        parts=tuple(
            Part(one.language, one.direction == "rtl", one.title, one.lines, one.todo) for one in held.said
        ),
        photo=tuple(held.photo or b""),
        photo_alt=held.said[0].photo_alt,
        footer=f"{held.alert} · {held.digest[:16]}",
    )

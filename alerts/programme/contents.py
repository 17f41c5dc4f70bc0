"""From a signed version to the dossier: through the gate of its own channel, at every reading anew."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from alerts import cap, documents, frozen, render, wording
from alerts import language as languages
from alerts.models import Alert, Document, Dossier, Version
from alerts.programme.model import Contents, Said
from alerts.wording import Line
from geo.shapes import Area, Circle
from notifier.hand_channels import PROGRAMME
from trust import keys, vault


@render.public_renderer("programme_dossier")
def contents(version: Version, at: datetime) -> Contents | None:
    """Return what Meta's team may be shown now; None where it is over, changed, or consent or key are gone.

    The circle lies round the middle of the signed area, never the very place last seen, which may be a home.
    """
    if not version.alert.is_live or not version.in_force or not frozen.is_as_signed(version):
        return None
    if version.sent_at is None or version.expires_at is None or version.expires_at <= at:
        return None
    made = [render.facts(version, PROGRAMME, code, at) for code, _name in settings.LANGUAGES]
    found = [one for one in made if one is not None]
    if len(found) != len(made):
        return None
    area = Area.from_json(version.area)
    centre, photo = area.centre(), _photo(version, found[0])
    return Contents(
        alert=version.alert.code,
        kind=version.alert.kind,
        version=version.number,
        identifier=identifier(version),
        digest=version.digest,
        agency=dict(version.alert.case.agency.names),
        signed_at=version.sent_at.astimezone(UTC).isoformat(timespec="seconds"),
        expires_at=version.expires_at.astimezone(UTC).isoformat(timespec="seconds"),
        lat=round(centre.lat, 4),
        lon=round(centre.lon, 4),
        radius_km=float(settings.META_PROGRAMME_RADIUS_KM),
        area=area.to_json(),
        call=found[0].words["number"],
        web=render.page_url(version),
        said=tuple(_said(one, code) for one, (code, _name) in zip(found, settings.LANGUAGES, strict=True)),
        fields=tuple(version.fields_used[PROGRAMME]),
        photo_sha256=version.photo_sha256 if photo else "",
        photo=photo,
    )


def as_cap(dossier: Dossier, held: Contents, at: datetime) -> bytes:
    """Return a CAP document of the programme's own words and circle: what the web may say is another's."""
    version = dossier.version
    infos = [_info(version, code, at) for code, _name in settings.LANGUAGES]
    earlier = Dossier.objects.filter(alert=dossier.alert_id, version__number__lt=version.number)
    sender = documents.sender(version.alert)
    references = [
        (sender, identifier(row.version), row.version.sent_at)
        for row in earlier.select_related("version").order_by("version__number")
        if row.version.sent_at
    ]
    assert version.sent_at is not None
    assert version.expires_at is not None
    centre = Area.from_json(version.area).centre()
    return cap.render(
        cap.CapMessage(
            identifier=held.identifier,
            sender=sender,
            sent_at=version.sent_at,
            expires_at=version.expires_at,
            zone=ZoneInfo(version.alert.case.agency.time_zone),
            status=documents.STATUS[Alert.Kind(version.alert.kind)],
            type=Document.Type.UPDATE if references else Document.Type.ALERT,
            infos=[info for info in infos if info is not None],
            area=Area((Circle(centre, held.radius_km * 1000),)),
            references=references,
        )
    )


@render.public_renderer("programme_cap_info")
def _info(version: Version, language: str, at: datetime) -> cap.Info | None:
    found = render.facts(version, PROGRAMME, language, at)
    if found is None:
        return None
    words, names = found.words, version.alert.case.agency.names
    return cap.Info(
        language=language,
        event=words["event"],
        sender_name=names.get(language) or next(iter(names.values())),
        headline=words["headline"],
        description=words["description"],
        instruction=words["instruction"],
        web=render.page_url(version),
        contact=settings.TIP_NUMBER,
        area_name=words["area"],
    )


def identifier(version: Version) -> str:
    """Return the identifier of the dossier's CAP document: other bytes than the public one's."""
    return f"{version.identifier}-programme"


def _photo(version: Version, found: render.Facts) -> bytes | None:
    if "photo" not in version.fields_used[PROGRAMME] or "photo" not in found.allowed:
        return None
    try:
        return frozen.photo_bytes(version)
    except (keys.KeyDestroyed, keys.SealBroken, vault.NotKept, OSError):
        return None


def _said(found: render.Facts, code: str) -> Said:
    words, spoken = found.words, languages.load(code)
    lines = [Line(one["key"], one["label"], one["text"], tuple(one["fields"])) for one in words["lines"]]
    return Said(
        language=code,
        direction=spoken.direction,
        title=words["title"],
        lines=tuple((line.label, line.text) for line in wording.merged(lines, spoken)),
        todo=tuple(words["todo"]),
        number_shown=words["number_shown"],
        photo_alt=words["photo_alt"],
    )

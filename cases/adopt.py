"""A child that only the joined report knows, taken into the case it is joined to."""

from __future__ import annotations

from cases.models import Case, Child, Facts, NameToken, Photo
from cases.models.child import ADOPTED_FROM
from trust import vault

COLUMNS = (
    "given_name", "family_name", "name_latin", "name_arabic", "birth_date_iso", "age_years", "age_months",
    "age_given_at", "sex",
)  # fmt: skip


def adopt(child: Child, into: Case, files: list[str]) -> Child:
    """Return a copy of the child, its facts and photos, sealed under the other case's key.

    Runs in the caller's transaction. files gets the names of the vault's new files as they are made: delete
    them where that transaction fails. The joined report keeps its own.
    """
    position = max(ADOPTED_FROM, 1 + max((c.position for c in into.children.all()), default=0))
    copy = Child(case=into, position=position, **{name: getattr(child, name) for name in COLUMNS})
    copy.save(force_insert=True)
    for sheet in child.sheets.all():
        Facts(case=into, child=copy, group=sheet.group, entries=sheet.entries).save(force_insert=True)
    for photo in child.photos.all():
        _photo(photo, copy, files)
    NameToken.objects.bulk_create(
        NameToken(case=into, child=copy, kind=token.kind, token=token.token)
        for token in child.name_tokens.all()
    )
    return copy


def _photo(photo: Photo, child: Child, files: list[str]) -> None:
    """Copy both files; a photo whose files can no longer be read stays behind."""
    owner = photo.child.case_id
    original, clean = vault.find(owner, photo.original_key), vault.find(owner, photo.clean_key)
    if original is None or clean is None:
        return
    names = []
    for data in (original, clean):
        names.append(vault.put(child.case_id, data))
        files.append(names[-1])
    Photo.objects.create(
        child=child,
        position=photo.position,
        original_key=names[0],
        original_sha256=photo.original_sha256,
        clean_key=names[1],
        clean_sha256=photo.clean_sha256,
        width=photo.width,
        height=photo.height,
        taken_on_iso=photo.taken_on_iso,
        source=photo.source,
        added_at=photo.added_at,
    )

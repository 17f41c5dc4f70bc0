"""What a stranger's file is: by what is said of it while it is not here, then by its first bytes. Pure."""

from __future__ import annotations

PHOTO, VIDEO, AUDIO, DOCUMENT, OTHER = "photo", "video", "audio", "document", "other"

_BY_START: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", PHOTO),
    (b"\x89PNG\r\n\x1a\n", PHOTO),
    (b"GIF8", PHOTO),
    (b"\x1a\x45\xdf\xa3", VIDEO),  # WebM, Matroska: sound alone is found out by the reader
    (b"OggS", AUDIO),
    (b"#!AMR", AUDIO),
    (b"ID3", AUDIO),
    (b"caff", AUDIO),
    (b"fLaC", AUDIO),
    (b"%PDF-", DOCUMENT),
)
_BY_RIFF = {b"WEBP": PHOTO, b"AVI ": VIDEO, b"WAVE": AUDIO}
_PICTURES = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"avif"}
_SOUNDS = {b"M4A ", b"M4B "}
_ATOMS = {b"moov", b"mdat", b"wide", b"free", b"skip"}


def of_media_type(media_type: str) -> str:
    """Return the kind that a media type promises ("image/jpeg" a photo)."""
    main, _slash, rest = media_type.lower().partition("/")
    if main in ("image", "video", "audio"):
        return {"image": PHOTO, "video": VIDEO, "audio": AUDIO}[main]
    return DOCUMENT if main in ("application", "text") and rest else OTHER


def of_bytes(start: bytes) -> str:
    """Return the kind that the first 16 bytes show, whatever name and sender say; OTHER for all else."""
    if start[:4] == b"RIFF":
        return _BY_RIFF.get(start[8:12], OTHER)
    if start[4:8] == b"ftyp":
        brand = start[8:12]
        return PHOTO if brand in _PICTURES else AUDIO if brand in _SOUNDS else VIDEO
    if start[4:8] in _ATOMS:
        return VIDEO
    if len(start) > 1 and start[0] == 0xFF and (start[1] & 0xE6 == 0xE2 or start[1] & 0xF6 == 0xF0):
        return AUDIO  # a frame of MPEG audio
    return next((kind for sign, kind in _BY_START if start.startswith(sign)), OTHER)


def is_pdf(start: bytes) -> bool:
    return start.startswith(b"%PDF-")

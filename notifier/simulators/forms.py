"""Forms as simulators get them: in the address, urlencoded, or multipart with a file."""

from email import message_from_bytes

from notifier.simulators.server import Asked

File = tuple[str, str, bytes]  # its name, its media type, its bytes


def fields(asked: Asked) -> dict[str, bytes]:
    """Query, form or multipart, as bytes."""
    fields = {name: value.encode() for name, value in asked.fields().items()}
    kind = asked.headers.get("content-type", "")
    if kind.startswith("multipart/form-data"):
        whole = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + asked.body)
        for part in whole.walk():
            name = part.get_param("name", header="content-disposition")
            payload = part.get_payload(decode=True)
            if isinstance(name, str) and isinstance(payload, bytes):
                fields[name] = payload
                if part.get_filename():
                    fields.setdefault(f"{name}_name", str(part.get_filename()).encode())
                    fields.setdefault(f"{name}_type", part.get_content_type().encode())
    return fields


def uploaded(asked: Asked) -> tuple[dict[str, str], File | None]:
    """A form's fields, and the file that came with it."""
    raw = fields(asked)
    body = raw.pop("file", b"")
    said = {name: text(value) for name, value in raw.items()}
    return said, (said.get("file_name", "file"), said.get("file_type", "image/jpeg"), body) if body else None


def text(value: bytes) -> str:
    return value.decode("utf-8", "replace")

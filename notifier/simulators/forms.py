"""Forms as simulators get them: in the address, urlencoded, or multipart with a file."""

from collections.abc import Mapping
from email import message_from_bytes
from uuid import uuid4

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


def multipart(told: Mapping[str, str], file: File | None) -> tuple[str, bytes]:
    """A form as a browser sends it: its Content-Type and its bytes."""
    boundary = uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in told.items()
    ]
    if file is not None:
        name = file[0].replace('"', "").replace("\r", "").replace("\n", "")
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        head += f"Content-Type: {file[1]}\r\nContent-Transfer-Encoding: binary\r\n\r\n"
        parts.append(head.encode() + file[2] + b"\r\n")
    return f"multipart/form-data; boundary={boundary}", b"".join([*parts, f"--{boundary}--\r\n".encode()])

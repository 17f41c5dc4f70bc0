"""How tests have a member of the public write: by a simulator's control address, over a real socket."""

from urllib.request import Request, urlopen
from uuid import uuid4


def said_to(base_url: str, name: str, *, file: tuple[str, str, bytes] | None = None, **fields: str) -> str:
    """POST /_sim/<name> with these fields and a file (name, type, bytes); return what it answers."""
    boundary = uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields.items()
    ]
    if file is not None:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{file[0]}"\r\n'
        parts.append(f"{head}Content-Type: {file[1]}\r\n\r\n".encode() + file[2] + b"\r\n")
    body = b"".join(parts) + f"--{boundary}--\r\n".encode()
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    with urlopen(Request(f"{base_url}/_sim/{name}", body, headers), timeout=5) as answer:
        return str(answer.read(), "utf-8")

"""The page about channels says what the code does."""

from pathlib import Path
from typing import Any

from notifier.features import action_table, backend_classes, feature_table
from notifier.http import Request, Response
from notifier.message import ERROR_KINDS, Accepted, DeliveryError, Message, Text, Unknown
from notifier.simulators import modes, sms, smtp

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_table_of_channels_is_the_one_the_flags_make():
    assert feature_table() in (DOCS / "channels.md").read_text()


def test_what_is_done_about_a_refusal_is_the_table_the_code_uses():
    assert action_table() in (DOCS / "channels.md").read_text()


def test_every_backend_option_is_documented():
    page = (DOCS / "channels.md").read_text()
    for backend in backend_classes():
        assert all(f"`{option}`" in page for option in backend.required_options)


def test_every_error_kind_mode_and_magic_address_is_documented():
    page = (DOCS / "channels.md").read_text()
    for word in (*ERROR_KINDS, *modes.MODES, *sms.MAGIC, *smtp.MAGIC):
        assert f"`{word}`" in page or f"`{word}@`" in page


def test_the_worked_example_works():
    code = (
        (DOCS / "adding-a-channel.md").read_text().split("<!-- example -->\n```python\n")[1].split("```")[0]
    )
    names: dict[str, Any] = {}
    exec(compile(code, "adding-a-channel.md", "exec"), names)
    answers = {
        "pole-1": (200, b'{"shown": "s-1"}'),
        "pole-2": (404, b""),
        "pole-3": (503, b""),
        "pole-4": (200, b"?"),
    }

    def transport(request: Request) -> Response:
        assert request.fields is not None
        status, body = answers[request.fields["pole"]]
        return Response(status, {}, body)

    options = {"url": "http://sirens.invalid/show", "key": "k"}
    siren = names["SirenBackend"]("siren", options, transport=transport)
    assert siren.send([Message("r", to, "fr", Text(short="Enfant disparu")) for to in answers]) == [
        Accepted("s-1"),
        DeliveryError(permanent=True, kind="bad_address", detail="404"),
        DeliveryError(permanent=False, kind="gateway_down", detail="503"),
        Unknown("200"),
    ]

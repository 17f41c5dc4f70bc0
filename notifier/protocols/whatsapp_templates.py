"""Message templates: the files of notifier/whatsapp_templates, Meta's rules for them, and how one is filled.

A file is <what>.<language>.toml. Its `state` is what Meta last said (draft: never handed in); only an
approved one is sent. Rules and limits after pywa's template types; those marked (U) are not confirmed at
their source.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from notifier.exceptions import ConfigurationError

FOLDER = Path(__file__).resolve().parents[1] / "whatsapp_templates"
PICTURE = FOLDER / "header.jpg"  # where there is no photo, or none may be shown
# What of a Message.kind is said by which template.
CODE = "code"  # says a one-time code, whatever the kind
OF_KIND = {"alert": "alert", "update": "update", "end": "all_clear", "answer": "receipt"}
STATES = ("draft", "pending", "approved", "rejected", "paused")
CATEGORIES = ("UTILITY", "MARKETING", "AUTHENTICATION")
AUTHENTICATION = "AUTHENTICATION"  # Meta's own words around a code, and a button that copies it
VARIABLES = ("details", "url", "code")
MAX_NAME, MAX_HEADER, MAX_BODY, MAX_FOOTER = 512, 60, 1024, 60
MAX_BUTTONS, MAX_BUTTON_TEXT, MAX_URL, MAX_URL_BUTTONS = 10, 25, 2000, 2
MAX_SPACES = 4  # in a row, in a value (U)
WORDS_PER_VARIABLE = 2  # and one more: the fewest fixed words a body needs (U)

_VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0f\u20e3]")
_MARKS = re.compile(r"[*_~`]")


class TemplateBroken(ConfigurationError):  # noqa: N818  named for what happened
    """A file that is no template: "alert.ar.toml: …"."""


@dataclass(frozen=True, slots=True)
class Button:
    """`kind` url, quick_reply or otp; a url ends in `{{1}}`, the path after our site.

    A payload comes back.
    """

    kind: str
    text: str
    url: str = ""
    payload: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """One text in one language, as it is approved."""

    what: str
    name: str
    language: str
    category: str
    state: str
    body: str
    header: str = ""  # "" or "image"
    footer: str = ""
    buttons: tuple[Button, ...] = ()
    examples: Mapping[str, str] = field(default_factory=dict)
    expires_minutes: int = 0  # of a code, said by Meta in the footer

    @property
    def key(self) -> str:
        """What the option template_states calls it."""
        return f"{self.what}.{self.language}"

    def variables(self) -> list[str]:
        """The body's variables in order."""
        return _VARIABLE.findall(self.body)

    def filled(self, values: Mapping[str, str]) -> str:
        """The body as the person reads it."""
        return _VARIABLE.sub(lambda found: values.get(found.group(1), ""), self.body)

    def components(self, values: Mapping[str, str], picture: Mapping[str, str]) -> list[dict[str, Any]]:
        """The `components` of a send. `picture` is {"id": …} or {"link": …}."""
        made: list[dict[str, Any]] = []
        if self.header == "image":
            made.append({"type": "header", "parameters": [{"type": "image", "image": dict(picture)}]})
        named = self.category != AUTHENTICATION  # Meta's own body is filled by position
        filled = [
            {"type": "text", **({"parameter_name": name} if named else {}), "text": values[name]}
            for name in self.variables()
        ]
        if filled:
            made.append({"type": "body", "parameters": filled})
        return [*made, *(_pressed(index, button, values) for index, button in enumerate(self.buttons))]

    def submission(self, site_url: str) -> dict[str, Any]:
        """What is posted to /{WABA-ID}/message_templates to have it approved, with its examples."""
        if self.category == AUTHENTICATION:
            return _code_submission(self)
        examples = [{"param_name": name, "example": self.examples.get(name, "")} for name in self.variables()]
        body = {"type": "BODY", "text": self.body, "example": {"body_text_named_params": examples}}
        parts: list[dict[str, Any]] = [{"type": "HEADER", "format": "IMAGE"}] if self.header else []
        parts.append(body if examples else {"type": "BODY", "text": self.body})
        if self.footer:
            parts.append({"type": "FOOTER", "text": self.footer})
        if self.buttons:
            parts.append({"type": "BUTTONS", "buttons": [_offered(one, site_url) for one in self.buttons]})
        return {
            "name": self.name,
            "language": self.language,
            "category": self.category,
            "parameter_format": "NAMED",
            "components": parts,
        }


def faults(template: Template) -> list[str]:
    """What Meta would refuse about it, as codes; none when it may be handed in."""
    return [
        *_name_faults(template),
        *_body_faults(template),
        *_frame_faults(template),
        *_button_faults(template),
    ]


@cache
def load(folder: Path = FOLDER) -> Mapping[tuple[str, str], Template]:
    """All templates of a folder by (what, language). Raise TemplateBroken for a file that is none."""
    read = [_read(path) for path in sorted(folder.glob("*.toml"))]
    return {(template.what, template.language): template for template in read}


def _read(path: Path) -> Template:
    what, _, language = path.stem.partition(".")
    try:
        with path.open("rb") as file:
            told = tomllib.load(file)
        buttons = tuple(Button(**button) for button in told.pop("buttons", ()))
        template = Template(what=what, buttons=buttons, **told)
    except (tomllib.TOMLDecodeError, TypeError) as error:
        raise TemplateBroken(f"{path.name}: {error}") from error
    if template.language != language:
        raise TemplateBroken(f"{path.name}: speaks {template.language}")
    return template


def _name_faults(template: Template) -> Iterator[str]:
    if not re.fullmatch(rf"[a-z0-9_]{{1,{MAX_NAME}}}", template.name):
        yield "name"
    if not re.fullmatch(r"[a-z]{2,3}(_[A-Z]{2})?", template.language):
        yield "language"
    if template.category not in CATEGORIES:
        yield "category"
    elif template.category not in (
        "UTILITY",
        AUTHENTICATION,
    ):  # marketing meets caps per person and its own opt-out
        yield "category_not_utility"
    if template.state not in STATES:
        yield "state"


def _body_faults(template: Template) -> Iterator[str]:
    body, names = template.body, template.variables()
    if template.category == AUTHENTICATION:  # the words are Meta's and are not handed in
        if names != [CODE]:
            yield "code_missing"
        return
    if not 0 < len(body) <= MAX_BODY:
        yield "body_length"
    if re.match(r"\s*\{\{", body) or re.search(r"\}\}\W*$", body):
        yield "variable_at_the_edge"
    if re.search(r"\}\}\s*\{\{", body):
        yield "variables_touch"
    if len(re.findall(r"\w+", _VARIABLE.sub("", body))) < WORDS_PER_VARIABLE * len(names) + 1:
        yield "too_few_words"
    if any(name not in VARIABLES for name in names) or body.count("{{") != len(names):
        yield "variable_unknown"
    if len(set(names)) != len(names):
        yield "variable_twice"
    if any(not template.examples.get(name) for name in names):
        yield "example_missing"


def _frame_faults(template: Template) -> Iterator[str]:
    if template.header not in ("", "image"):
        yield "header"
    if len(template.footer) > MAX_FOOTER or "{{" in template.footer or "\n" in template.footer:
        yield "footer"
    if _EMOJI.search(template.footer):
        yield "footer_emoji"


def _button_faults(template: Template) -> Iterator[str]:
    buttons = template.buttons
    kinds = [button.kind for button in buttons]
    if len(buttons) > MAX_BUTTONS or kinds.count("url") > MAX_URL_BUTTONS:
        yield "too_many_buttons"
    allowed = {"otp"} if template.category == AUTHENTICATION else {"url", "quick_reply"}
    if set(kinds) - allowed:
        yield "button_kind"
    turns = sum(kind != before for kind, before in zip(kinds[1:], kinds, strict=False))
    if turns > 1:  # quick replies stand together
        yield "buttons_mixed"
    if len({button.text for button in buttons}) != len(buttons):
        yield "button_twice"
    for button in buttons:
        plain = not (_EMOJI.search(button.text) or _MARKS.search(button.text) or "{{" in button.text)
        if not 0 < len(button.text) <= MAX_BUTTON_TEXT or "\n" in button.text or not plain:
            yield "button_text"
        if button.kind == "url" and not (button.url.endswith("{{1}}") and button.url.count("{{1}}") == 1):
            yield "button_url"
        if len(button.url) > MAX_URL:
            yield "button_url_length"


def _pressed(index: int, button: Button, values: Mapping[str, str]) -> dict[str, Any]:
    if button.kind == "otp":  # handed in as OTP, it is a URL button from its approval on
        filling = {"type": "text", "text": values[CODE]}
        return {"type": "button", "sub_type": "url", "index": str(index), "parameters": [filling]}
    if button.kind == "url":
        path = re.sub(r"^\w+://[^/]+/?", "", values.get("url", ""))
        filling = {"type": "text", "text": path}
    else:
        filling = {"type": "payload", "payload": button.payload}
    return {"type": "button", "sub_type": button.kind, "index": str(index), "parameters": [filling]}


def _offered(button: Button, site_url: str) -> dict[str, Any]:
    if button.kind != "url":
        return {"type": "QUICK_REPLY", "text": button.text}
    url = button.url.replace("{site}", site_url.rstrip("/"))
    return {
        "type": "URL",
        "text": button.text,
        "url": url,
        "example": [url.replace("{{1}}", "en/a/K7M2XQ4T/")],
    }


def _code_submission(template: Template) -> dict[str, Any]:
    """After Meta's page on copy-code authentication templates (2026-06): its own words, our button."""
    parts: list[dict[str, Any]] = [{"type": "BODY", "add_security_recommendation": True}]
    if template.expires_minutes:
        parts.append({"type": "FOOTER", "code_expiration_minutes": template.expires_minutes})
    buttons = [{"type": "OTP", "otp_type": "COPY_CODE", "text": one.text} for one in template.buttons]
    parts.append({"type": "BUTTONS", "buttons": buttons})
    named = {"name": template.name, "language": template.language}
    return {**named, "category": AUTHENTICATION, "components": parts}

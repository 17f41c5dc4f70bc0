"""What "the public" received, as one calm page: a phone, a feed, an inbox. It reloads itself."""

import html
import re
from collections.abc import Iterable

from notifier.simulators.record import Line, Recorder
from notifier.simulators.server import Answered

_ARABIC = re.compile(r"[\u0600-\u06ff]")
_STYLE = """
:root { color-scheme: light dark;
  --ink: #1c2430; --paper: #f4f5f7; --card: #fff; --soft: #5b6675; --line: #d9dee5 }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6eaf0; --paper: #12161c; --card: #1b2129; --soft: #98a3b3; --line: #2b333e }
}
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, "Noto Sans Arabic", sans-serif }
header { padding: 1.2rem 1.5rem .4rem }
h1 { font-size: 1.25rem; margin: 0 }
header p { margin: .2rem 0; color: var(--soft) }
main { display: grid; gap: 1.2rem; padding: 1rem 1.5rem 3rem;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)) }
section { min-width: 0 }
h2 { font-size: 1rem; margin: .4rem 0 .8rem }
h2 small { color: var(--soft); font-weight: 400 }
article { background: var(--card); border: 1px solid var(--line); border-radius: 12px;
  padding: .8rem 1rem; margin: 0 0 .8rem }
article :is(p, b) { display: block; margin: .2rem 0 0;
  white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: plaintext }
article footer { color: var(--soft); font-size: .8rem; direction: ltr; text-align: start }
img { max-width: 100%; border-radius: 8px }
.gone { border-style: dashed }
.gone :is(p, b) { color: var(--soft); text-decoration: line-through }
.none { color: var(--soft) }
"""


def public_page(
    phone: Recorder,
    inbox: Recorder,
    feed: Recorder,
    *,
    pictures_at: str,
    more: Iterable[tuple[Recorder, str]] = (),
) -> Answered:
    """The page; `pictures_at` is where the feed's pictures are served, without a slash.

    `more` are further gateways, each with where its pictures are; one that received nothing has no column.
    """
    columns = (
        ("Phone", phone, "Nobody's phone has rung yet."),
        ("Page feed", feed, "Nothing is posted."),
        ("Inbox", inbox, "No mail yet."),
    )
    sections = "".join(_section(name, recorder, none, pictures_at) for name, recorder, none in columns)
    sections += "".join(
        _section(html.escape(recorder.alias), recorder, "", where)
        for recorder, where in more
        if recorder.latest
    )
    text = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="3">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<title>What the public received</title>"
        f"<style>{_STYLE}</style></head><body><header><h1>What the public received</h1>"
        "<p>Simulated gateways on this machine. Nothing here left it.</p></header>"
        f"<main>{sections}</main></body></html>"
    )
    return Answered(200, text.encode(), "text/html; charset=utf-8", {"Cache-Control": "no-store"})


def _section(name: str, recorder: Recorder, none: str, pictures_at: str) -> str:
    deleted = {line.id for line in recorder.latest if line.event == "delete"}
    cards = "".join(
        _card(line, pictures_at, is_gone=bool(line.id) and line.id in deleted)
        for line in reversed(recorder.latest)
        if line.event != "delete"
    )
    counts = f"{recorder.counts['received']} received, {recorder.counts['refused']} refused"
    shown = cards or f'<p class="none">{none}</p>'
    return f"<section><h2>{name} <small>{counts}</small></h2>{shown}</section>"


def _card(line: Line, pictures_at: str, *, is_gone: bool) -> str:
    direction = "rtl" if _ARABIC.search(line.text[:80]) else "ltr"
    picture = "" if is_gone or not line.picture_url else f'<img alt="" src="{pictures_at}{line.picture_url}">'
    subject = f"<b>{html.escape(line.subject)}</b>" if line.subject else ""
    note = " · deleted from the Page" if is_gone else f" · {line.event}" if line.event == "edit" else ""
    return (
        f'<article dir="{direction}"{" class=gone" if is_gone else ""}>{picture}{subject}'
        f"<p>{html.escape(line.text)}</p>"
        f"<footer>{html.escape(line.to)} · {line.at[11:19]} UTC{note}</footer></article>"
    )

"""Every address under /police/, found in the URLconf."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.urls import URLPattern, URLResolver, get_resolver

DESK = "police/"
REST = "police/(?P<url>.*)$"  # what no page answers


@dataclass(frozen=True)
class Door:
    route: str
    name: str
    keys: tuple[str, ...]

    def address(self, keys: Mapping[str, str]) -> str:
        """Return the address these keys make. Raise KeyError for one that is missing."""
        if self.route == REST:
            return "/police/nowhere"
        if "(?P<app_label>" in self.route:
            return "/police/cases/"
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda key: quote(keys[key[1]]), self.route)


def doors() -> list[Door]:
    return [door for door in _walk(get_resolver()) if door.route.startswith(DESK)]


def _walk(resolver: Any, before: str = "") -> Iterator[Door]:
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, route)
        elif isinstance(entry, URLPattern):
            yield Door(route, entry.name or _unnamed(route), tuple(entry.pattern.converters))


def _unnamed(route: str) -> str:
    """Return what the table calls a pattern that Django left without a name: "cases_case_bare"."""
    found = re.fullmatch(r"police/(\w+)/(\w+)/<path:object_id>/", route)
    return f"{found[1]}_{found[2]}_bare" if found else "nowhere"

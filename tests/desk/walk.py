"""A family's whole report by its own pages: the first minute, then the screens."""

from typing import Any

from django.test import Client

from cases.models import Case
from cases.views import key
from tests import people
from tests.cases import family
from trust.secrets import Secret

# Which screen asks what; "name" is of whoever reports.
SCREENS = {
    "child": ("given_name", "family_name", "other_name", "sex", "birth_date"),
    "photos": ("photos",),
    "last_seen": ("circumstances",),
    "places": ("kind", "words"),
    "you": ("name", "relation", "phone"),
    "consent": ("answer", "until"),
}
TOLD = {
    "given_name": "Yasmine", "family_name": "Zerhouni", "sex": "girl", "name": "Samira Zerhouni",
    "relation": "mother", "phone": "0612345678", "answer": "all", "until": "found", "kind": "friend",
}  # fmt: skip


def filed(*, first: dict[str, str] | None = None, **typed: Any) -> Case:
    """Return a case told on the family's own pages: the first minute, then the screens."""
    return walked(first=first, **typed)[0]


def walked(*, first: dict[str, str] | None = None, **typed: Any) -> tuple[Case, Secret]:
    """Return the case, and the secret the family was shown."""
    people.unit()
    told = {**TOLD, **typed}
    start = family.form(**{"name_1": told["given_name"], "phone": told["phone"], **(first or {})})
    answer = Client().post("/fr/report/", start)
    assert answer.status_code == 200, answer.context["form"].errors
    received = answer.context["received"]
    return completed(received.case, told), received.secret


def completed(case: Case, told: dict[str, Any]) -> Case:
    """Tell the rest on the screens that follow."""
    client = Client()
    for screen, names in SCREENS.items():
        said = {name: told[name] for name in names if name in told}
        answer = client.post(
            f"/fr/report/more/{screen}/", {**said, "act": "save", "key": key.field(case)}, follow=True
        )
        assert answer.status_code == 200, answer.context["form"].errors
    return Case.objects.get(pk=case.pk)

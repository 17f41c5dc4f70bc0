"""A field that nobody declared fails the build: shown by planting one."""

import pytest
from django.apps import apps
from django.db import models

from cases.models import Case
from trust import declared


@pytest.fixture
def planted():
    """Give Case a field that no retention.py knows, and take it away again."""
    field = models.TextField(default="")
    field.set_attributes_from_name("diary")
    field.model = Case
    Case._meta.local_fields.append(field)
    yield
    Case._meta.local_fields.remove(field)
    apps.clear_cache()


def test_nothing_is_undeclared_now():
    assert declared.undeclared() == []


def test_a_planted_field_is_named(planted):
    assert declared.undeclared() == ["cases.Case.diary"]


def test_a_declaration_of_a_field_that_went_is_named(monkeypatch):
    from cases import retention

    gone = {**retention.DECLARED["Case"], "shoe_size": declared.Declared("restricted", "case")}
    monkeypatch.setitem(retention.DECLARED, "Case", gone)
    assert declared.undeclared() == ["cases.Case.shoe_size (no such field)"]


def test_every_model_of_ours_is_looked_at():
    ours = {model._meta.app_label for model in apps.get_models() if model.__module__.split(".")[0] in
            {"trust", "notifier", "cases", "alerts", "tips", "project"}}  # fmt: skip
    assert ours <= set(declared.OUR_APPS)

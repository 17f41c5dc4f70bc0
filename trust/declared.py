"""What every stored field is and when it is blanked: declared by each app's retention.py."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Literal

from django.apps import apps
from django.db import models

OUR_APPS = ("trust", "notifier", "cases", "alerts", "tips")
DataClass = Literal["public", "officers", "restricted", "internal"]


@dataclass(frozen=True)
class Declared:
    """`data_class`: who may read it. `keep`: until when, in an auditor's words ("24 hours")."""

    data_class: DataClass
    keep: str


Declaration = dict[str, dict[str, Declared]]


def declaration(app_label: str) -> Declaration:
    found: Declaration = import_module(f"{app_label}.retention").DECLARED
    return found


def undeclared() -> list[str]:
    """Return "app.Model.field" of each stored field without a declaration, and of the reverse."""
    stored = set(_stored())
    said = {
        f"{app}.{model}.{name}"
        for app in OUR_APPS
        for model, fields in declaration(app).items()
        for name in fields
    }
    return sorted([*(stored - said), *(f"{name} (no such field)" for name in said - stored)])


def _stored() -> Iterator[str]:
    for app in OUR_APPS:
        for model in apps.get_app_config(app).get_models():
            for field in _fields(model):
                yield f"{app}.{model.__name__}.{field.name}"


def _fields(model: type[models.Model]) -> list["models.Field[object, object]"]:
    return [*model._meta.local_fields, *model._meta.local_many_to_many]

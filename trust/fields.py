"""Model fields whose column holds sealed bytes and whose attribute holds the plain value.

Sealed at save under the key of the UUID that `owner` names (an attribute of the row, dots allowed). After the
key is destroyed the value reads as None. QuerySets can neither search nor write them: filter(), update() and
bulk_update() fail.
"""

import json
from operator import attrgetter
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import FieldError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from trust import keys

if TYPE_CHECKING:
    _Base = models.Field[Any, Any]
else:
    _Base = models.BinaryField


class Sealed(bytes):
    """Bytes as the column holds them; assigned to the attribute, they are kept as they are."""


class _Value:
    """The attribute: opens sealed bytes at the first read, keeps them until something else is assigned."""

    def __init__(self, field: "EncryptedField") -> None:
        self.field = field

    def __get__(self, row: models.Model | None, owner: type[models.Model] | None = None) -> Any:
        if row is None:
            return self
        name = self.field.attname
        if name not in row.__dict__:
            row.refresh_from_db(fields=[name])
        held = row.__dict__[name]
        if not isinstance(held, Sealed):
            return held
        opened = row.__dict__.setdefault("_opened", {})
        if name not in opened:
            opened[name] = self.field.open(row, held)
        return opened[name]

    def __set__(self, row: models.Model, value: Any) -> None:
        row.__dict__.get("_opened", {}).pop(self.field.attname, None)
        row.__dict__[self.field.attname] = value


class EncryptedField(_Base):
    """The part text and documents share; `name` goes into the seal and must never change."""

    empty_strings_allowed = False

    def __init__(self, *args: Any, owner: str = "pk", name: str = "", **options: Any) -> None:
        self.owner_path = owner
        self.sealed_name = name
        options.setdefault("editable", False)
        super().__init__(*args, **options)

    def deconstruct(self) -> Any:
        attribute, path, args, options = super().deconstruct()
        return attribute, path, args, {**options, "owner": self.owner_path, "name": self.sealed_name}

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:  # noqa: FBT001, FBT002  Django's signature
        # `name` given to __init__ is the seal's; Django's own comes from the class.
        self.sealed_name = self.sealed_name or name
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, name, _Value(self))

    def owner_of(self, row: models.Model) -> UUID:
        owner = attrgetter(self.owner_path)(row)
        if not isinstance(owner, UUID):
            raise FieldError(f"{self.model.__name__}.{self.name}: {self.owner_path} is no UUID")
        return owner

    def encode(self, value: Any) -> bytes:
        raise NotImplementedError

    def decode(self, plain: bytes) -> Any:
        raise NotImplementedError

    def open(self, row: models.Model, sealed: bytes) -> Any:
        try:
            return self.decode(keys.unseal(self.owner_of(row), self.sealed_name, sealed))
        except keys.KeyDestroyed:
            return None

    def pre_save(self, model_instance: models.Model, add: bool) -> Sealed | None:  # noqa: FBT001  Django's signature
        held = model_instance.__dict__.get(self.attname)
        if held is None:
            return None
        opened = model_instance.__dict__.get("_opened", {})
        plain = opened.get(self.attname, held)
        if isinstance(plain, Sealed) or plain is None:
            return held if isinstance(held, Sealed) else None
        if isinstance(held, Sealed) and not self.changes_in_place:
            return held
        sealed = Sealed(keys.seal(self.owner_of(model_instance), self.sealed_name, self.encode(plain)))
        opened = model_instance.__dict__.setdefault("_opened", {})
        model_instance.__dict__[self.attname], opened[self.attname] = sealed, plain
        return sealed

    changes_in_place = False

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Sealed | None:
        return None if value is None else Sealed(value)

    def to_python(self, value: Any) -> Any:
        return value

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:  # noqa: FBT001, FBT002  Django's signature
        if value is not None and not isinstance(value, Sealed):
            raise FieldError(f"{self.model.__name__}.{self.name} is encrypted: assign it, then save()")
        return super().get_db_prep_value(value, connection, prepared)

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def value_to_string(self, obj: models.Model) -> str:
        raise FieldError(f"{self.model.__name__}.{self.name} is encrypted: a fixture would show it")


class EncryptedTextField(EncryptedField):
    def encode(self, value: Any) -> bytes:
        return str(value).encode()

    def decode(self, plain: bytes) -> str:
        return plain.decode()


class EncryptedJSONField(EncryptedField):
    # A document is often edited where it lies, so an opened one is sealed anew at every save.
    changes_in_place = True

    def encode(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

    def decode(self, plain: bytes) -> Any:
        return json.loads(plain)


class SealedFields(models.Model):
    """What a model with encrypted fields inherits to hand out a sealed value for a copy."""

    class Meta:
        abstract = True

    def sealed(self, field: str) -> bytes | None:
        """Return the sealed bytes of a saved row's field, to be read under the same owner and seal name."""
        held = self.__dict__.get(field)
        if held is not None and not isinstance(held, Sealed):
            raise FieldError(f"{type(self).__name__}.{field} is not saved yet")
        return held

import uuid

import pytest
from django.core.exceptions import FieldError
from django.db import connection, models
from django.test.utils import isolate_apps

from trust import keys
from trust.fields import EncryptedJSONField, EncryptedTextField, SealedFields

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]
SECRET = "Nour Benjelloun"


@pytest.fixture(scope="module")
def sheet_model():
    with isolate_apps("trust"):

        class Sheet(SealedFields):
            id = models.UUIDField(primary_key=True, default=uuid.uuid4)
            name = EncryptedTextField(owner="id", name="name", null=True)
            alias = EncryptedTextField(owner="id", default="")
            facts = EncryptedJSONField(owner="id", name="facts", default=dict)

            class Meta:
                app_label = "trust"
                db_table = "trust_test_sheet"

        yield Sheet


@pytest.fixture
def sheet(sheet_model):
    with connection.schema_editor() as editor:
        editor.create_model(sheet_model)
    row = sheet_model(name=SECRET, facts={"height_cm": 120, "mark": SECRET})
    keys.create(row.pk, "case")
    row.save()
    yield row
    with connection.schema_editor() as editor:
        editor.delete_model(sheet_model)


def again(row):
    return type(row).objects.get(pk=row.pk)


def test_values_read_back_as_they_were_written(sheet):
    row = again(sheet)
    assert (row.name, row.alias, row.facts) == (SECRET, "", {"height_cm": 120, "mark": SECRET})


def test_a_dump_of_the_database_holds_no_restricted_text(sheet):
    sheet.alias = SECRET
    sheet.save()
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, alias, facts FROM trust_test_sheet")
        cells = b"".join(bytes(cell) for cell in cursor.fetchone())
    assert SECRET.encode() not in cells
    if connection.vendor == "sqlite":
        dump = "\n".join(connection.connection.iterdump())
        assert "trust_test_sheet" in dump
        assert SECRET not in dump
        assert SECRET.encode().hex() not in dump.lower()


def test_an_erased_owner_reads_as_none(sheet):
    keys.destroy(sheet.pk)
    row = again(sheet)
    assert (row.name, row.facts) == (None, None)


def test_an_erased_row_may_be_saved_without_its_key(sheet):
    keys.destroy(sheet.pk)
    row = again(sheet)
    assert row.name is None
    row.save()
    assert row.sealed("name")


def test_nothing_new_is_written_for_an_erased_owner(sheet):
    keys.destroy(sheet.pk)
    row = again(sheet)
    row.name = "somebody"
    with pytest.raises(keys.KeyDestroyed):
        row.save()


def test_an_untouched_text_keeps_its_bytes(sheet):
    row = again(sheet)
    before = row.sealed("name")
    assert row.name == SECRET
    row.save()
    assert again(sheet).sealed("name") == before


def test_a_document_edited_where_it_lies_is_saved(sheet):
    row = again(sheet)
    row.facts["height_cm"] = 125
    row.save()
    assert again(sheet).facts["height_cm"] == 125


def test_a_new_value_shows_at_once_and_after_saving(sheet):
    row = again(sheet)
    row.name = "Sami"
    assert row.name == "Sami"
    row.save()
    row.name = None
    row.save(update_fields=["name"])
    assert again(sheet).name is None


def test_a_deferred_value_is_fetched_when_read(sheet):
    assert type(sheet).objects.defer("name").get(pk=sheet.pk).name == SECRET


def test_a_refreshed_row_shows_what_another_wrote(sheet):
    other = again(sheet)
    other.name = "Sami"
    other.save()
    sheet.refresh_from_db()
    assert sheet.name == "Sami"


def test_a_sealed_value_may_be_copied_and_opened_elsewhere(sheet):
    assert keys.unseal(sheet.pk, "name", again(sheet).sealed("name")).decode() == SECRET


def test_an_unsaved_value_has_no_sealed_bytes(sheet):
    sheet.name = "new"
    with pytest.raises(FieldError, match="not saved"):
        sheet.sealed("name")


def test_many_rows_made_at_once_are_sealed(sheet, sheet_model):
    rows = [sheet_model(name=f"child {n}") for n in range(3)]
    for row in rows:
        keys.create(row.pk, "case")
    sheet_model.objects.bulk_create(rows)
    assert again(rows[2]).name == "child 2"


def test_a_query_can_neither_write_nor_find_plain_text(sheet, sheet_model):
    with pytest.raises(FieldError, match="encrypted"):
        sheet_model.objects.update(name=SECRET)
    with pytest.raises(FieldError):
        sheet_model.objects.filter(name=SECRET).exists()
    with pytest.raises(FieldError, match="encrypted"):
        sheet_model.objects.bulk_update([sheet], ["name"])
    assert sheet_model.objects.filter(name__isnull=False).count() == 1


def test_values_of_a_query_stay_sealed(sheet, sheet_model):
    assert SECRET.encode() not in sheet_model.objects.values_list("name", flat=True).get()


def test_a_fixture_cannot_show_it(sheet):
    with pytest.raises(FieldError, match="fixture"):
        sheet._meta.get_field("name").value_to_string(sheet)


def test_an_owner_that_is_no_uuid_is_said(sheet_model):
    row = sheet_model(id="not-a-uuid", name="x")
    with pytest.raises(FieldError, match="id"):
        sheet_model._meta.get_field("name").pre_save(row, True)


def test_migrations_carry_owner_and_name(sheet_model):
    _, _, _, options = sheet_model._meta.get_field("facts").deconstruct()
    assert options["owner"] == "id"
    assert options["name"] == "facts"

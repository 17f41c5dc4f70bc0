from typing import Any

from django.db import migrations

# What each role may do is synced after every migrate, once the permissions exist.
ROLES = ("intake", "officer", "approver", "communicator", "auditor", "administrator", "service")


def make(apps: Any, schema_editor: Any) -> None:
    groups = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    for role in ROLES:
        groups.get_or_create(name=role)


class Migration(migrations.Migration):
    dependencies = [("trust", "0002_refuse_changes_to_the_log"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]

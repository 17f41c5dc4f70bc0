from typing import Any

from django.db import migrations

NAME, TASK, EVERY_S = "tips-rise-due", "tips.rise_due", 10


def make(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias
    intervals = apps.get_model("django_celery_beat", "IntervalSchedule").objects.using(alias)
    tasks = apps.get_model("django_celery_beat", "PeriodicTask").objects.using(alias)
    interval, _ = intervals.get_or_create(every=EVERY_S, period="seconds")
    defaults = {"task": TASK, "interval": interval, "expire_seconds": 2 * EVERY_S}
    tasks.update_or_create(name=NAME, defaults=defaults)


def remove(apps: Any, schema_editor: Any) -> None:
    tasks = apps.get_model("django_celery_beat", "PeriodicTask").objects.using(schema_editor.connection.alias)
    tasks.filter(name=NAME).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("tips", "0009_sweep_files_by_the_clock"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]
    operations = [migrations.RunPython(make, remove)]

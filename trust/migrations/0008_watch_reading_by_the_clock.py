from typing import Any

from django.db import migrations

# (name, task, seconds): a wake-up that waited longer than its period is dropped, the next one does the work.
SCHEDULES = (("trust-watch-reading", "trust.watch_reading", 60), ("trust-lapse-grants", "trust.lapse_grants", 3600))


def make(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias
    intervals = apps.get_model("django_celery_beat", "IntervalSchedule").objects.using(alias)
    tasks = apps.get_model("django_celery_beat", "PeriodicTask").objects.using(alias)
    for name, task, every_s in SCHEDULES:
        interval, _ = intervals.get_or_create(every=every_s, period="seconds")
        tasks.update_or_create(
            name=name, defaults={"task": task, "interval": interval, "expire_seconds": max(every_s, 5)}
        )


def remove(apps: Any, schema_editor: Any) -> None:
    tasks = apps.get_model("django_celery_beat", "PeriodicTask").objects.using(schema_editor.connection.alias)
    tasks.filter(name__in=[name for name, _, _ in SCHEDULES]).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("trust", "0007_ask_a_second_administrator"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]
    operations = [migrations.RunPython(make, remove)]

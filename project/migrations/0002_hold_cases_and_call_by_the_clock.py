from typing import Any

from django.db import migrations

# (name, task, seconds): a wake-up that waited longer than its period is dropped, the next one does the work.
SCHEDULES = (
    ("cases-keep-owners", "cases.keep_owners", 10),
    ("cases-page-waiting", "cases.page_waiting", 10),
    ("alerts-page-waiting", "alerts.page_waiting", 10),
)


def make(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias
    intervals = apps.get_model("django_celery_beat", "IntervalSchedule").objects.using(alias)
    tasks = apps.get_model("django_celery_beat", "PeriodicTask").objects.using(alias)
    for name, task, every_s in SCHEDULES:
        interval, _ = intervals.get_or_create(every=every_s, period="seconds")
        tasks.update_or_create(
            name=name, defaults={"task": task, "interval": interval, "expire_seconds": every_s}
        )


def remove(apps: Any, schema_editor: Any) -> None:
    tasks = apps.get_model("django_celery_beat", "PeriodicTask").objects.using(schema_editor.connection.alias)
    tasks.filter(name__in=[name for name, _, _ in SCHEDULES]).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("project", "0001_schedule_purge"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]
    operations = [migrations.RunPython(make, remove)]

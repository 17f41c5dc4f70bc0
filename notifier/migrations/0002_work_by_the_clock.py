from typing import Any

from django.db import migrations

# (name, task, seconds): a wake-up that waited longer than this is dropped, the next one does the work.
SCHEDULES = (("notifier-sweep", "notifier.sweep", 2), ("notifier-fold", "notifier.fold", 2))
STALE_S = 10


def make(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias
    intervals = apps.get_model("django_celery_beat", "IntervalSchedule").objects.using(alias)
    tasks = apps.get_model("django_celery_beat", "PeriodicTask").objects.using(alias)
    for name, task, every_s in SCHEDULES:
        interval, _ = intervals.get_or_create(every=every_s, period="seconds")
        tasks.update_or_create(
            name=name, defaults={"task": task, "interval": interval, "expire_seconds": STALE_S}
        )


def remove(apps: Any, schema_editor: Any) -> None:
    tasks = apps.get_model("django_celery_beat", "PeriodicTask").objects.using(schema_editor.connection.alias)
    tasks.filter(name__in=[name for name, _, _ in SCHEDULES]).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("notifier", "0001_initial"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]
    operations = [migrations.RunPython(make, remove)]

from typing import Any

from django.db import migrations

NAME, TASK = "notifier-check", "notifier.check"
EVERY_S, STALE_S = 180, 60


def make(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias
    intervals = apps.get_model("django_celery_beat", "IntervalSchedule").objects.using(alias)
    tasks = apps.get_model("django_celery_beat", "PeriodicTask").objects.using(alias)
    interval, _ = intervals.get_or_create(every=EVERY_S, period="seconds")
    tasks.update_or_create(
        name=NAME, defaults={"task": TASK, "interval": interval, "expire_seconds": STALE_S}
    )


def remove(apps: Any, schema_editor: Any) -> None:
    tasks = apps.get_model("django_celery_beat", "PeriodicTask").objects.using(schema_editor.connection.alias)
    tasks.filter(name=NAME).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("notifier", "0004_fall_over_and_watch_gateways"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]
    operations = [migrations.RunPython(make, remove)]

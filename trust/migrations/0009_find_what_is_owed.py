from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("trust", "0008_watch_reading_by_the_clock")]
    operations = [
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("done_at__isnull", True)), fields=["unit", "kind"], name="task_open"
            ),
        ),
    ]

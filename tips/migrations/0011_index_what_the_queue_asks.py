from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tips", "0010_rise_by_the_clock"),
        ("trust", "0010_name_the_columns_of_tasks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="tip",
            index=models.Index(
                fields=["unit", "state", "cluster", "id", "score", "received_at", "look_due_at"],
                name="tip_folded",
            ),
        ),
        migrations.AddIndex(
            model_name="tip",
            index=models.Index(fields=["cluster", "received_at"], name="tip_newest"),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("alerts", "0011_watch_what_is_told_by_hand")]
    operations = [
        migrations.AddIndex(
            model_name="alert",
            index=models.Index(fields=["created_at"], name="alert_made"),
        ),
        migrations.AddIndex(
            model_name="version",
            index=models.Index(fields=["created_at"], name="version_made"),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tips", "0006_count_what_a_witness_wrote_and_was_answered"),
    ]

    operations = [
        migrations.AddField(
            model_name="tip",
            name="doubts",
            field=models.JSONField(default=list),
        ),
    ]

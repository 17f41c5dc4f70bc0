from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifier", "0005_look_after_gateways"),
    ]

    operations = [
        migrations.AddField(
            model_name="receipt",
            name="words",
            field=models.CharField(blank=True, max_length=200),
        ),
    ]

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("trust", "0009_find_what_is_owed"),
    ]

    operations = [
        migrations.AlterField(
            model_name="task",
            name="done_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="Done at"),
        ),
        migrations.AlterField(
            model_name="task",
            name="due_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="Due"),
        ),
        migrations.AlterField(
            model_name="task",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="tasks",
                to=settings.AUTH_USER_MODEL,
                verbose_name="Held by",
            ),
        ),
    ]

import uuid

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("alerts", "0007_choose_when_to_tell"),
    ]

    operations = [
        migrations.AddField(
            model_name="document",
            name="signed_with",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.CreateModel(
            name="Partner",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "key",
                    models.CharField(
                        help_text="As in CAP_PARTNERS, where its address and its secrets stand.",
                        max_length=40,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9][a-z0-9-]{0,39}\\Z", "Small letters, digits and hyphens."
                            )
                        ],
                        verbose_name="name in the settings",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "phone",
                    models.CharField(
                        blank=True,
                        help_text="Called when it refuses a document or does not answer.",
                        max_length=32,
                        verbose_name="number of its duty desk",
                    ),
                ),
                ("regions", models.JSONField(blank=True, default=list, verbose_name="regions")),
                ("takes_alerts", models.BooleanField(default=True, verbose_name="takes new alerts")),
                (
                    "takes_updates",
                    models.BooleanField(
                        default=True,
                        help_text="The end of an alert goes to every partner that may have got the alert.",
                        verbose_name="takes updates",
                    ),
                ),
                (
                    "takes_exercises",
                    models.BooleanField(
                        default=False,
                        help_text="An exercise goes to the simulated partner alone, never to the real one.",
                        verbose_name="takes part in exercises",
                    ),
                ),
                (
                    "answer_within_m",
                    models.PositiveSmallIntegerField(
                        default=10,
                        help_text="Without an acknowledgement by then, the case’s owner is called.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(240),
                        ],
                        verbose_name="minutes to answer",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
            ],
            options={
                "verbose_name": "CAP partner",
                "verbose_name_plural": "CAP partners",
                "ordering": ["name"],
            },
        ),
    ]

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tips", "0003_keep_all_that_was_decided")]

    operations = [
        migrations.AlterModelOptions(
            name="tip",
            options={
                "default_permissions": ("view",),
                "permissions": [
                    ("triage_tip", "Can triage tips"),
                    ("second_tip", "Can read a tip as the second who agrees to its end"),
                    ("ask_reveal", "Can ask for the address of whoever told us"),
                    ("grant_reveal", "Can grant that the address is shown to whoever asked"),
                    ("freeze_media", "Can freeze a picture or a clip"),
                    ("open_frozen", "Can look at what is frozen"),
                    ("export_custody", "Can take the sealed original out as evidence"),
                    ("take_call", "Can write down what a caller saw"),
                ],
                "verbose_name": "tip",
                "verbose_name_plural": "tips",
            },
        ),
    ]

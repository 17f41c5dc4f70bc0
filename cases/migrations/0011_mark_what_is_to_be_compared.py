from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_keep_posts_and_found_children")]
    operations = [
        migrations.AddField(
            model_name=name,
            name="compare_due_at",
            field=models.DateTimeField(db_index=True, null=True),
        )
        for name in ("case", "foundchild")
    ]

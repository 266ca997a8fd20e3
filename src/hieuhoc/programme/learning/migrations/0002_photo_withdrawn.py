"""Photos and papers of an activity can be withdrawn."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("learning", "0001_first")]

    operations = [
        migrations.AddField(
            model_name="photo",
            name="is_withdrawn",
            field=models.BooleanField(default=False, verbose_name="đã rút"),
        ),
    ]

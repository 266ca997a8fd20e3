"""An activity may be for rural workers, whose turns are a figure of their own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("learning", "0002_photo_withdrawn")]

    operations = [
        migrations.AddField(
            model_name="activity",
            name="for_rural_workers",
            field=models.BooleanField(default=False, verbose_name="dành cho lao động nông thôn"),
        ),
    ]

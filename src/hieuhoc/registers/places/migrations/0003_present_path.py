"""Every unit stands where its own path says, until a reorganisation ends it."""

from typing import Any

from django.db import migrations
from django.db.models import F


def fill(apps: Any, schema_editor: Any) -> None:
    apps.get_model("places", "Unit").objects.filter(present_path="").update(present_path=F("path"))


class Migration(migrations.Migration):
    dependencies = [("places", "0002_reorganisations")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

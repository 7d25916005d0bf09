from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [("workflow", "0011_requests_of_a_matter")]

    operations = [
        migrations.AddIndex(
            "deadline",
            models.Index(
                fields=["part_of", "kind"],
                name="deadline_of_whole",
                condition=Q(state__in=["open", "passed"]),
            ),
        ),
    ]

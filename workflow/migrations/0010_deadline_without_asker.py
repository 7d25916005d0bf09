from django.db import migrations


class Migration(migrations.Migration):
    """Who waits for a deadline is known from what it is part of."""

    dependencies = [
        ('workflow', '0009_reminder_rules'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='deadline',
            name='asked_by',
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workflow', '0006_regular_days'),
    ]

    operations = [
        migrations.CreateModel(
            name='TaskRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, unique=True)),
                ('started_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('handled', models.PositiveIntegerField(default=0)),
                ('error', models.CharField(blank=True, max_length=80)),
            ],
        ),
    ]

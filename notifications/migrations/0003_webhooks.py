import django.db.models.deletion
import django_fsm
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0002_digests_and_preferences'),
        ('workflow', '0007_task_runs'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HookDelivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', django_fsm.FSMField(choices=[('held', 'まとめ待ち'), ('queued', '送信待ち'), ('sent', '送信済'), ('retrying', '再送待ち'), ('dead', '送信不能'), ('withdrawn', '取下げ'), ('dropped', '送信不要')], default='queued', max_length=50, protected=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_at', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('given_up_at', models.DateTimeField(null=True)),
                ('error', models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('chain_length', models.PositiveIntegerField(default=0, editable=False)),
                ('chain_head', models.CharField(default='0000000000000000000000000000000000000000000000000000000000000000', editable=False, max_length=64)),
                ('name', models.CharField(max_length=60, unique=True)),
                ('url', models.CharField(max_length=500)),
                ('areas', models.JSONField(default=list)),
                ('salt', models.CharField(max_length=32)),
                ('active', models.BooleanField(default=True)),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.AddField(
            model_name='delivery',
            name='given_up_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 'dead')), fields=['id'], name='delivery_dead'),
        ),
        migrations.AddField(
            model_name='hookdelivery',
            name='event',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflow.outboxevent'),
        ),
        migrations.AddField(
            model_name='hookdelivery',
            name='hook',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='notifications.webhook'),
        ),
        migrations.AddIndex(
            model_name='hookdelivery',
            index=models.Index(condition=models.Q(('state__in', ['queued', 'retrying'])), fields=['next_at', 'id'], name='hook_waiting'),
        ),
        migrations.AddIndex(
            model_name='hookdelivery',
            index=models.Index(condition=models.Q(('state', 'dead')), fields=['id'], name='hook_dead'),
        ),
        migrations.AddConstraint(
            model_name='hookdelivery',
            constraint=models.UniqueConstraint(fields=('event', 'hook'), name='hook_told_once'),
        ),
        migrations.AddConstraint(
            model_name='hookdelivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', False), ('state', 'sent')), models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at', None)), _connector='OR'), name='hook_sent_iff_sent_at'),
        ),
    ]

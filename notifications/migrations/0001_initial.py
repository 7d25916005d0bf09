import django.db.models.deletion
import django_fsm
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('workflow', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Preference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='preference', to=settings.AUTH_USER_MODEL)),
                ('email', models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='workflow.outboxevent')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to=settings.AUTH_USER_MODEL)),
                ('channel', models.CharField(choices=[('app', '画面'), ('email', '電子メール')], max_length=10)),
                ('state', django_fsm.FSMField(choices=[('queued', '送信待ち'), ('sent', '送信済'), ('retrying', '再送待ち'), ('dead', '送信不能')], default='queued', max_length=50, protected=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_at', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('read_at', models.DateTimeField(null=True)),
                ('error', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state__in', ['queued', 'retrying'])), fields=['next_at', 'id'], name='delivery_waiting'), models.Index(condition=models.Q(('channel', 'app'), ('read_at', None)), fields=['user', 'id'], name='notice_unread')],
                'constraints': [models.UniqueConstraint(fields=('event', 'user', 'channel'), name='told_once'), models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', False), ('state', 'sent')), models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at', None)), _connector='OR'), name='delivery_sent_iff_sent_at')],
            },
        ),
    ]

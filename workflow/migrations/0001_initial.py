import django.contrib.auth.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
import django_fsm
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('route', models.SlugField()),
                ('title', models.CharField(max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name='ClosedDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('chain_length', models.PositiveIntegerField(default=0, editable=False)),
                ('chain_head', models.CharField(default='0000000000000000000000000000000000000000000000000000000000000000', editable=False, max_length=64)),
                ('day', models.DateField(unique=True)),
                ('is_open', models.BooleanField(default=False)),
                ('name', models.CharField(max_length=60)),
                ('in_force', models.BooleanField(default=True)),
            ],
            options={
                'ordering': ['day'],
            },
        ),
        migrations.CreateModel(
            name='Content',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('body', models.TextField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Department',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(unique=True)),
                ('name', models.CharField(max_length=60)),
                ('order', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'ordering': ['order', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('chain_length', models.PositiveIntegerField(default=0, editable=False)),
                ('chain_head', models.CharField(default='0000000000000000000000000000000000000000000000000000000000000000', editable=False, max_length=64)),
                ('name', models.CharField(max_length=80, verbose_name='氏名')),
                ('kind', models.CharField(choices=[('staff', '職員'), ('outside', '委員（外部）'), ('auditor', '監査'), ('admin', 'システム管理者')], default='staff', max_length=10)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'user',
                'verbose_name_plural': 'users',
                'abstract': False,
            },
            managers=[
                ('objects', django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name='Body',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(unique=True)),
                ('name', models.CharField(max_length=60)),
                ('kind', models.CharField(choices=[('steering_group', '幹事会'), ('headquarters_board', '本部会'), ('advisory_committee', '情報化推進委員会'), ('directors_meeting', '部長会議'), ('councillors_briefing', '議員連絡会')], max_length=30)),
                ('order', models.PositiveSmallIntegerField(default=0)),
                ('group', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to='auth.group')),
            ],
            options={
                'ordering': ['order', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Deadline',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('chain_length', models.PositiveIntegerField(default=0, editable=False)),
                ('chain_head', models.CharField(default='0000000000000000000000000000000000000000000000000000000000000000', editable=False, max_length=64)),
                ('subject', models.CharField(max_length=80)),
                ('part_of', models.CharField(max_length=80)),
                ('kind', models.CharField(max_length=40)),
                ('title', models.CharField(max_length=200)),
                ('link', models.CharField(max_length=200)),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='auth.group')),
                ('due_at', models.DateTimeField()),
                ('state', django_fsm.FSMField(choices=[('open', '期限前'), ('passed', '期限超過'), ('met', '対応済'), ('lifted', '解除')], default='open', max_length=50, protected=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('next_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('next_at__isnull', False)), fields=['next_at'], name='deadline_next')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['open', 'passed'])), fields=('subject', 'kind'), name='one_running_deadline'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('next_at', None), ('state__in', ['met', 'lifted'])), models.Q(('ended_at', None), ('state__in', ['open', 'passed'])), _connector='OR'), name='deadline_ended_iff_ended_at')],
            },
        ),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(max_length=80)),
                ('seq', models.PositiveIntegerField()),
                ('within_key', models.CharField(max_length=80)),
                ('verb', models.CharField(max_length=60)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField()),
                ('body', models.TextField()),
                ('prev', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64)),
            ],
            options={
                'indexes': [models.Index(fields=['within_key', 'id'], name='audit_history')],
                'constraints': [models.UniqueConstraint(fields=('subject', 'seq'), name='audit_one_entry_per_seq')],
            },
        ),
        migrations.CreateModel(
            name='BodyRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rules', to='workflow.body')),
                ('since', models.DateField()),
                ('until', models.DateField(blank=True, null=True)),
                ('source', models.CharField(max_length=200)),
                ('quorum', models.CharField(choices=[('none', '定めなし'), ('majority', '過半数の出席')], default='none', max_length=20)),
                ('base', models.CharField(choices=[('in_office', '現に在任する委員の数'), ('seats', '定数')], default='in_office', max_length=20)),
                ('seats', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('chair_votes_first', models.BooleanField(default=False)),
                ('minutes_signers', models.CharField(choices=[('none', '署名なし'), ('chair', '議長'), ('chair_and_member', '議長と議長が指名する委員1名')], default='none', max_length=20)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='body_rule_ends_after_it_begins')],
            },
        ),
        migrations.CreateModel(
            name='Round',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rounds', to='workflow.case')),
                ('number', models.PositiveSmallIntegerField()),
                ('name', models.CharField(max_length=60)),
            ],
            options={
                'ordering': ['case', 'number'],
                'constraints': [models.UniqueConstraint(fields=('case', 'number'), name='round_numbered_once')],
            },
        ),
        migrations.CreateModel(
            name='Section',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(unique=True)),
                ('name', models.CharField(max_length=60)),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sections', to='workflow.department')),
                ('is_coordinating', models.BooleanField(default=False, verbose_name='庶務担当課')),
                ('order', models.PositiveSmallIntegerField(default=0)),
                ('group', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to='auth.group')),
            ],
            options={
                'ordering': ['order', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='OutboxEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='workflow.auditentry')),
                ('kind', models.CharField(max_length=60)),
                ('groups', models.JSONField(default=list)),
                ('users', models.JSONField(default=list)),
                ('link', models.CharField(max_length=200)),
                ('facts', models.JSONField(default=dict)),
                ('fanned_out_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('fanned_out_at', None)), fields=['id'], name='outbox_pending')],
            },
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(unique=True)),
                ('name', models.CharField(max_length=60)),
                ('rank', models.CharField(choices=[('mayor', '市長'), ('vice_mayor', '副市長'), ('director', '部長級'), ('section_chief', '課長級'), ('staff', '担当'), ('commissioned', '委員')], max_length=20)),
                ('section', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='workflow.section')),
                ('department', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='workflow.department')),
                ('order', models.PositiveSmallIntegerField(default=0)),
                ('group', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to='auth.group')),
            ],
            options={
                'ordering': ['order', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Stage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stages', to='workflow.case')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stages', to='workflow.round')),
                ('order', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(choices=[('inquiry', '庁内照会'), ('meeting', '会議'), ('report', '報告'), ('public_comment', 'パブリックコメント'), ('adoption', '策定')], max_length=20)),
                ('asks', models.CharField(choices=[('answers', '回答'), ('consultation', '協議'), ('hearing', '意見聴取'), ('report', '報告'), ('report_and_hearing', '報告・意見聴取'), ('approval', '承認'), ('comments', '意見募集'), ('decision', '決裁')], max_length=20)),
                ('name', models.CharField(max_length=80)),
                ('body', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflow.body')),
                ('after', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='followers', to='workflow.stage')),
                ('rerun_of', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rerun', to='workflow.stage')),
                ('length', models.PositiveSmallIntegerField(default=1)),
                ('planned_from', models.DateField(null=True)),
                ('planned_until', models.DateField(null=True)),
                ('precision', models.CharField(choices=[('day', '日'), ('month', '月')], default='day', max_length=5)),
                ('state', django_fsm.FSMField(choices=[('planned', '予定'), ('open', '進行中'), ('concluded', '終了'), ('sent_back', '差戻し'), ('skipped', '省略'), ('cancelled', '中止')], default='planned', max_length=50, protected=True)),
                ('opened_on', models.DateField(null=True)),
                ('ended_on', models.DateField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, choices=[('answered', '回答済'), ('agreed', '協議済'), ('agreed_with_remarks', '意見を付して協議済'), ('heard', '意見聴取済'), ('reported', '報告済'), ('approved', '承認'), ('comments_published', '結果公表済'), ('adopted', '策定')], max_length=24)),
                ('remarks', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['case', 'order', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('planned_from', None), ('planned_until', None)), models.Q(('planned_until__gte', models.F('planned_from')), ('planned_until__isnull', False)), _connector='OR'), name='stage_planned_in_order'), models.CheckConstraint(condition=models.Q(models.Q(('opened_on__isnull', False), ('state__in', ['open', 'concluded', 'sent_back'])), models.Q(('opened_on', None), ('state__in', ['planned', 'skipped'])), ('state', 'cancelled'), _connector='OR'), name='stage_open_iff_opened_on'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('ended_on__isnull', False), ('state__in', ['concluded', 'sent_back', 'skipped', 'cancelled'])), models.Q(('ended_at', None), ('ended_on', None), ('state__in', ['planned', 'open'])), _connector='OR'), name='stage_ended_iff_ended_at'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'concluded'), models.Q(('outcome', ''), _negated=True)), models.Q(models.Q(('state', 'concluded'), _negated=True), ('outcome', '')), _connector='OR'), name='stage_concluded_iff_outcome')],
            },
        ),
        migrations.CreateModel(
            name='Appointment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to=settings.AUTH_USER_MODEL)),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='workflow.post')),
                ('since', models.DateField()),
                ('until', models.DateField(blank=True, null=True)),
                ('is_concurrent', models.BooleanField(default=False, verbose_name='兼務')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='appointment_ends_after_it_begins'), models.UniqueConstraint(fields=('user', 'post', 'since'), name='appointed_once')],
            },
        ),
        migrations.CreateModel(
            name='Request',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('chain_length', models.PositiveIntegerField(default=0, editable=False)),
                ('chain_head', models.CharField(default='0000000000000000000000000000000000000000000000000000000000000000', editable=False, max_length=64)),
                ('kind', models.CharField(max_length=40)),
                ('title', models.CharField(max_length=200)),
                ('link', models.CharField(max_length=200)),
                ('part_of', models.CharField(max_length=80)),
                ('content', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='workflow.content')),
                ('drafter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('drafter_post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='workflow.post')),
                ('state', django_fsm.FSMField(choices=[('draft', '起案中'), ('circulating', '決裁中'), ('decided', '決裁済'), ('rejected', '否決'), ('withdrawn', '取下げ')], default='draft', max_length=50, protected=True)),
                ('attempt', models.PositiveSmallIntegerField(default=0)),
                ('submitted_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('decided_on', models.DateField(null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state__in', ['decided', 'rejected', 'withdrawn'])), models.Q(('ended_at', None), ('state__in', ['draft', 'circulating'])), _connector='OR'), name='request_ended_iff_ended_at'), models.CheckConstraint(condition=models.Q(models.Q(('decided_on__isnull', False), ('state', 'decided')), models.Q(models.Q(('state', 'decided'), _negated=True), ('decided_on', None)), _connector='OR'), name='request_decided_iff_decided_on')],
            },
        ),
        migrations.CreateModel(
            name='Seat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='workflow.body')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='workflow.post')),
                ('role', models.CharField(choices=[('chair', '会長'), ('deputy', '職務代理'), ('member', '委員')], default='member', max_length=10)),
                ('since', models.DateField()),
                ('until', models.DateField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='seat_ends_after_it_begins')],
            },
        ),
        migrations.CreateModel(
            name='Deviation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stage', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deviations', to='workflow.stage')),
                ('kind', models.CharField(choices=[('order', '順序'), ('added', '追加'), ('skipped', '省略'), ('shortened', '期間の短縮')], max_length=10)),
                ('what', models.CharField(max_length=200)),
                ('reason', models.TextField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='workflow.request')),
                ('attempt', models.PositiveSmallIntegerField()),
                ('order', models.PositiveSmallIntegerField()),
                ('role', models.CharField(choices=[('line', '回議'), ('concurrence', '合議'), ('decider', '決裁'), ('signer', '署名')], max_length=12)),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflow.post')),
                ('state', django_fsm.FSMField(choices=[('waiting', '順番待ち'), ('active', '決裁待ち'), ('approved', '承認'), ('sent_back', '差戻し'), ('rejected', '否決'), ('closed', '終了')], default='waiting', max_length=50, protected=True)),
                ('activated_at', models.DateTimeField(null=True)),
                ('acted_at', models.DateTimeField(null=True)),
                ('acted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('comment', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['attempt', 'order', 'pk'],
                'indexes': [models.Index(condition=models.Q(('state', 'active')), fields=['post'], name='step_inbox')],
                'constraints': [models.UniqueConstraint(fields=('request', 'attempt', 'order', 'post'), name='step_once_a_circulation'), models.CheckConstraint(condition=models.Q(models.Q(('acted_at__isnull', False), ('acted_by__isnull', False), ('state__in', ['approved', 'sent_back', 'rejected'])), models.Q(('acted_at', None), ('acted_by', None), ('state__in', ['waiting', 'active', 'closed'])), _connector='OR'), name='step_acted_iff_acted_at_and_by')],
            },
        ),
        migrations.CreateModel(
            name='Signature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='workflow.step')),
                ('signer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('meaning', models.CharField(choices=[('approved', '承認'), ('sent_back', '差戻し'), ('rejected', '否決'), ('pulled_back', '引戻し')], max_length=12)),
                ('at', models.DateTimeField()),
                ('statement', models.TextField()),
                ('sha256', models.CharField(max_length=64)),
            ],
            options={
                'abstract': False,
            },
        ),
    ]

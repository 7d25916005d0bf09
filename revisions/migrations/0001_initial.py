import django.db.models.deletion
import django_fsm
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('workflow', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(unique=True)),
                ('title', models.CharField(max_length=120)),
                ('first_year', models.PositiveSmallIntegerField()),
                ('last_year', models.PositiveSmallIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='Revision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('chain_length', models.PositiveIntegerField(default=0, editable=False)),
                ('chain_head', models.CharField(default='0000000000000000000000000000000000000000000000000000000000000000', editable=False, max_length=64)),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='revisions.plan')),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='revision', to='workflow.case')),
                ('kind', models.CharField(choices=[('new_plan', '策定'), ('annual_review', '毎年度見直し'), ('midterm_review', '中間見直し')], max_length=20)),
                ('title', models.CharField(max_length=200)),
                ('philosophy', models.CharField(blank=True, max_length=200)),
                ('state', django_fsm.FSMField(choices=[('drafting', '起案中'), ('consulting', '協議中'), ('adopted', '策定済'), ('superseded', '旧版'), ('withdrawn', '取下げ')], default='drafting', max_length=50, protected=True)),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'permissions': [('steer_revision', '事務局として進める'), ('read_revision', '改定を読む')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state__in', ['adopted', 'superseded', 'withdrawn'])), models.Q(('ended_at', None), ('state__in', ['drafting', 'consulting'])), _connector='OR'), name='revision_ended_iff_ended_at'), models.UniqueConstraint(condition=models.Q(('state__in', ['drafting', 'consulting'])), fields=('plan',), name='one_running_revision_a_plan')],
            },
        ),
        migrations.CreateModel(
            name='Policy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='policies', to='revisions.revision')),
                ('number', models.PositiveSmallIntegerField()),
                ('name', models.CharField(max_length=120)),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('revision', 'number'), name='policy_numbered_once')],
            },
        ),
        migrations.CreateModel(
            name='Project',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='projects', to='revisions.revision')),
                ('uid', models.SlugField(max_length=20)),
                ('name', models.CharField(max_length=200)),
                ('status', models.CharField(choices=[('new', '新規'), ('continued', '継続')], max_length=10)),
                ('overview', models.TextField(blank=True)),
                ('aims', models.TextField(blank=True)),
                ('rationale', models.TextField(blank=True)),
                ('notes', models.JSONField(default=list)),
                ('is_discontinued', models.BooleanField(default=False)),
            ],
            options={
                'ordering': ['uid'],
                'constraints': [models.UniqueConstraint(fields=('revision', 'uid'), name='project_once_a_revision')],
            },
        ),
        migrations.CreateModel(
            name='PlanVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='revisions.plan')),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='revisions.revision')),
                ('number', models.PositiveIntegerField()),
                ('label', models.CharField(max_length=120)),
                ('content', models.TextField()),
                ('sha256', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField()),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['plan', 'number'],
                'constraints': [models.UniqueConstraint(fields=('plan', 'number'), name='version_numbered_once')],
            },
        ),
        migrations.AddField(
            model_name='plan',
            name='current',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='revisions.planversion'),
        ),
        migrations.AddField(
            model_name='revision',
            name='base',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='revisions.planversion'),
        ),
        migrations.CreateModel(
            name='Opinion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('chain_length', models.PositiveIntegerField(default=0, editable=False)),
                ('chain_head', models.CharField(default='0000000000000000000000000000000000000000000000000000000000000000', editable=False, max_length=64)),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opinions', to='revisions.revision')),
                ('stage', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opinions', to='workflow.stage')),
                ('number', models.PositiveIntegerField()),
                ('channel', models.CharField(choices=[('section', '庁内'), ('body', '会議体'), ('committee', '委員会'), ('councillor', '議員'), ('citizen', '市民')], max_length=12)),
                ('medium', models.CharField(choices=[('web', 'ウェブ'), ('mail', '電子メール'), ('fax', 'ファクス'), ('post', '郵送'), ('counter', '窓口'), ('meeting', '会議')], max_length=10)),
                ('source', models.CharField(blank=True, max_length=120)),
                ('received_on', models.DateField()),
                ('received_at', models.DateTimeField()),
                ('project_uid', models.SlugField(blank=True, max_length=20)),
                ('place', models.CharField(blank=True, max_length=120)),
                ('text', models.TextField()),
                ('summary', models.TextField(blank=True)),
                ('similar_to', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='similar', to='revisions.opinion')),
                ('section', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflow.section')),
                ('disposition', models.CharField(blank=True, choices=[('reflected', '反映'), ('partly', '一部反映'), ('included', '盛込済'), ('noted', '参考'), ('difficult', '反映困難'), ('other', 'その他')], max_length=12)),
                ('response', models.TextField(blank=True)),
                ('change', models.TextField(blank=True)),
                ('state', django_fsm.FSMField(choices=[('received', '受付'), ('drafted', '回答案作成済'), ('approved', '回答承認済'), ('published', '公表済')], default='received', max_length=50, protected=True)),
                ('approved_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['revision', 'number'],
                'constraints': [models.UniqueConstraint(fields=('revision', 'number'), name='opinion_numbered_once'), models.CheckConstraint(condition=models.Q(('state', 'received'), models.Q(models.Q(('disposition', ''), _negated=True), models.Q(('response', ''), _negated=True)), _connector='OR'), name='opinion_disposed_iff_drafted'), models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', False), ('state__in', ['approved', 'published'])), models.Q(('approved_at', None), ('state__in', ['received', 'drafted'])), _connector='OR'), name='opinion_approved_iff_approved_at')],
            },
        ),
        migrations.CreateModel(
            name='RevisionGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.group')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='revisions.revision')),
            ],
            options={
                'abstract': False,
                'unique_together': {('group', 'permission', 'content_object')},
            },
        ),
        migrations.CreateModel(
            name='Inquiry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('chain_length', models.PositiveIntegerField(default=0, editable=False)),
                ('chain_head', models.CharField(default='0000000000000000000000000000000000000000000000000000000000000000', editable=False, max_length=64)),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inquiries', to='revisions.revision')),
                ('stage', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='inquiry', to='workflow.stage')),
                ('kind', models.CharField(choices=[('projects', '掲載事業の照会'), ('opinions', '素案への意見照会')], max_length=10)),
                ('title', models.CharField(max_length=200)),
                ('text', models.TextField(blank=True)),
                ('due_on', models.DateField()),
                ('version', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='revisions.planversion')),
                ('state', django_fsm.FSMField(choices=[('preparing', '準備中'), ('issued', '照会中'), ('closed', '締切')], default='preparing', max_length=50, protected=True)),
                ('issued_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('issued_at', None), ('state', 'preparing')), models.Q(('issued_at__isnull', False), ('state__in', ['issued', 'closed']), ('version__isnull', False)), _connector='OR'), name='inquiry_issued_iff_issued_at')],
            },
        ),
        migrations.CreateModel(
            name='Program',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('policy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='programs', to='revisions.policy')),
                ('number', models.PositiveSmallIntegerField()),
                ('name', models.CharField(max_length=120)),
                ('aim', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('policy', 'number'), name='program_numbered_once')],
            },
        ),
        migrations.CreateModel(
            name='Indicator',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='indicators', to='revisions.project')),
                ('order', models.PositiveSmallIntegerField()),
                ('name', models.CharField(max_length=200)),
                ('cumulative', models.BooleanField(default=False)),
                ('cells', models.JSONField(default=list)),
            ],
            options={
                'ordering': ['order'],
            },
        ),
        migrations.CreateModel(
            name='ProjectSection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sections', to='revisions.project')),
                ('role', models.CharField(choices=[('lead', '主管課等'), ('related', '関係課等')], max_length=10)),
                ('order', models.PositiveSmallIntegerField()),
                ('section', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflow.section')),
                ('class_name', models.CharField(blank=True, max_length=60)),
            ],
            options={
                'ordering': ['role', 'order'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('class_name', ''), ('section__isnull', False)), models.Q(('section', None), models.Q(('class_name', ''), _negated=True)), _connector='OR'), name='section_or_class')],
            },
        ),
        migrations.CreateModel(
            name='PublicComment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('chain_length', models.PositiveIntegerField(default=0, editable=False)),
                ('chain_head', models.CharField(default='0000000000000000000000000000000000000000000000000000000000000000', editable=False, max_length=64)),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='revisions.revision')),
                ('stage', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='public_comment', to='workflow.stage')),
                ('title', models.CharField(max_length=200)),
                ('text', models.TextField(blank=True)),
                ('first_on', models.DateField()),
                ('last_on', models.DateField()),
                ('minimum_days', models.PositiveSmallIntegerField(default=30)),
                ('minimum_source', models.CharField(blank=True, max_length=200)),
                ('short_reason', models.TextField(blank=True)),
                ('version', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='revisions.planversion')),
                ('state', django_fsm.FSMField(choices=[('preparing', '準備中'), ('announced', '予告'), ('accepting', '募集中'), ('closed', '締切'), ('answering', '対応中'), ('published', '結果公表')], default='preparing', max_length=50, protected=True)),
                ('published_at', models.DateTimeField(null=True)),
                ('result', models.TextField(blank=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('last_on__gte', models.F('first_on'))), name='comment_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('state', 'preparing'), ('version__isnull', False), _connector='OR'), name='comment_version_iff_announced'), models.CheckConstraint(condition=models.Q(models.Q(('published_at__isnull', False), ('state', 'published')), models.Q(models.Q(('state', 'published'), _negated=True), ('published_at', None)), _connector='OR'), name='comment_published_iff_published_at')],
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='revisions.revision')),
                ('stage', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='workflow.stage')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='revisions.planversion')),
                ('request', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='proposal', to='workflow.request')),
                ('text', models.TextField()),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Meeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('chain_length', models.PositiveIntegerField(default=0, editable=False)),
                ('chain_head', models.CharField(default='0000000000000000000000000000000000000000000000000000000000000000', editable=False, max_length=64)),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='revisions.revision')),
                ('stage', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='workflow.stage')),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflow.body')),
                ('title', models.CharField(max_length=120)),
                ('held_on', models.DateField()),
                ('starts_at', models.TimeField(null=True)),
                ('place', models.CharField(blank=True, max_length=80)),
                ('version', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='revisions.planversion')),
                ('presiding', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflow.post')),
                ('state', django_fsm.FSMField(choices=[('planned', '予定'), ('convened', '招集済'), ('in_session', '開会中'), ('closed', '閉会'), ('adjourned', '流会'), ('cancelled', '中止')], default='planned', max_length=50, protected=True)),
                ('reason', models.TextField(blank=True)),
                ('minutes', models.TextField(blank=True)),
                ('minutes_state', django_fsm.FSMField(choices=[('drafting', '作成中'), ('fixed', '確定'), ('signed', '署名済')], default='drafting', max_length=50, protected=True)),
                ('request', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflow.request')),
            ],
            options={
                'ordering': ['held_on', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['in_session', 'closed']), _negated=True), ('presiding__isnull', False), _connector='OR'), name='meeting_presided_when_in_session'), models.CheckConstraint(condition=models.Q(('minutes_state', 'drafting'), ('state', 'closed'), _connector='OR'), name='minutes_fixed_after_closing')],
            },
        ),
        migrations.CreateModel(
            name='Scan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opinion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scans', to='revisions.opinion')),
                ('name', models.CharField(max_length=120)),
                ('media_type', models.CharField(max_length=40)),
                ('sha256', models.CharField(max_length=64)),
                ('body', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='Submitter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opinion', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='submitter', to='revisions.opinion')),
                ('name', models.CharField(blank=True, max_length=80)),
                ('address', models.CharField(blank=True, max_length=200)),
                ('contact', models.CharField(blank=True, max_length=120)),
            ],
        ),
        migrations.CreateModel(
            name='VersionGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.group')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='revisions.planversion')),
            ],
            options={
                'abstract': False,
                'unique_together': {('group', 'permission', 'content_object')},
            },
        ),
        migrations.CreateModel(
            name='YearlyAction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='actions', to='revisions.project')),
                ('order', models.PositiveSmallIntegerField()),
                ('text', models.CharField(max_length=200)),
                ('spans', models.JSONField(default=list)),
            ],
            options={
                'ordering': ['order'],
            },
        ),
        migrations.CreateModel(
            name='InquiryTarget',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('chain_length', models.PositiveIntegerField(default=0, editable=False)),
                ('chain_head', models.CharField(default='0000000000000000000000000000000000000000000000000000000000000000', editable=False, max_length=64)),
                ('inquiry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='targets', to='revisions.inquiry')),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='revisions.revision')),
                ('section', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflow.section')),
                ('due_on', models.DateField()),
                ('state', django_fsm.FSMField(choices=[('undelivered', '未配信'), ('pending_receipt', '受取待ち'), ('received', '受取済'), ('in_review', '課長確認中'), ('answered', '回答済'), ('not_applicable', '該当なし'), ('returned', '差戻し'), ('accepted', '受理済'), ('waived', '回答不要')], default='undelivered', max_length=50, protected=True)),
                ('received_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('received_at', models.DateTimeField(null=True)),
                ('request', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflow.request')),
                ('answered_at', models.DateTimeField(null=True)),
                ('is_late', models.BooleanField(default=False)),
                ('note', models.TextField(blank=True)),
                ('reason', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['inquiry', 'section__order', 'pk'],
                'permissions': [('answer_inquirytarget', '照会に回答する')],
                'constraints': [models.UniqueConstraint(fields=('inquiry', 'section'), name='one_row_an_addressee'), models.CheckConstraint(condition=models.Q(models.Q(('received_at', None), ('received_by', None)), models.Q(('received_at__isnull', False), ('received_by__isnull', False)), _connector='OR'), name='target_received_by_iff_received')],
            },
        ),
        migrations.CreateModel(
            name='Placement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='revisions.program')),
                ('number', models.PositiveSmallIntegerField()),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='placements', to='revisions.project')),
                ('is_relisted', models.BooleanField(default=False)),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('program', 'number'), name='placement_numbered_once'), models.UniqueConstraint(condition=models.Q(('is_relisted', False)), fields=('project',), name='one_original_placement')],
            },
        ),
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('comment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='revisions.publiccomment')),
                ('opinion', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='submission', to='revisions.opinion')),
                ('key', models.CharField(max_length=64, unique=True)),
                ('sender', models.CharField(blank=True, max_length=64)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['sender', 'at'], name='submission_flood')],
            },
        ),
        migrations.CreateModel(
            name='Attendance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attendance', to='revisions.meeting')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflow.post')),
                ('role', models.CharField(choices=[('chair', '会長'), ('deputy', '職務代理'), ('member', '委員')], max_length=10)),
                ('is_invited', models.BooleanField(default=False)),
                ('presence', models.CharField(choices=[('unknown', '未確認'), ('present', '出席'), ('absent', '欠席'), ('proxy', '代理出席')], default='unknown', max_length=10)),
                ('proxy', models.CharField(blank=True, max_length=80)),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('meeting', 'post'), name='attends_once')],
            },
        ),
        migrations.CreateModel(
            name='AgendaItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='revisions.meeting')),
                ('order', models.PositiveSmallIntegerField()),
                ('title', models.CharField(max_length=200)),
                ('needs_vote', models.BooleanField(default=False)),
                ('yes', models.PositiveSmallIntegerField(null=True)),
                ('no', models.PositiveSmallIntegerField(null=True)),
                ('abstain', models.PositiveSmallIntegerField(null=True)),
                ('presiding_vote', models.CharField(blank=True, max_length=3)),
                ('outcome', models.CharField(blank=True, choices=[('agreed', '了承'), ('agreed_with_remarks', '意見を付して了承'), ('heard', '意見聴取'), ('reported', '報告'), ('carried', '可決'), ('lost', '否決')], max_length=20)),
                ('note', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['order'],
                'constraints': [models.UniqueConstraint(fields=('meeting', 'order'), name='agenda_ordered_once')],
            },
        ),
        migrations.CreateModel(
            name='MeetingGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.group')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='revisions.meeting')),
            ],
            options={
                'abstract': False,
                'unique_together': {('group', 'permission', 'content_object')},
            },
        ),
        migrations.CreateModel(
            name='Remark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('target', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='remarks', to='revisions.inquirytarget')),
                ('project_uid', models.SlugField(blank=True, max_length=20)),
                ('place', models.CharField(blank=True, max_length=120)),
                ('text', models.TextField()),
                ('proposal', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='SheetAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('target', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='revisions.inquirytarget')),
                ('uid', models.SlugField(max_length=20)),
                ('kind', models.CharField(choices=[('unchanged', '変更なし'), ('edit', '変更する'), ('discontinue', '廃止する'), ('add', '新たに掲載する')], max_length=12)),
                ('before', models.JSONField(default=dict)),
                ('proposed', models.JSONField(default=dict)),
                ('place', models.CharField(blank=True, max_length=10)),
                ('reason', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['uid'],
                'constraints': [models.UniqueConstraint(fields=('target', 'uid'), name='one_answer_a_sheet')],
            },
        ),
        migrations.CreateModel(
            name='TargetGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.group')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='revisions.inquirytarget')),
            ],
            options={
                'abstract': False,
                'unique_together': {('group', 'permission', 'content_object')},
            },
        ),
    ]

import json

from django.db import migrations, models

TABLES = ('lead', 'related', 'actions', 'indicators')


def split_tables(apps, schema_editor):
    """A table was one draft; its rows stood where those stood that it was typed over."""
    from revisions.inquiry.rows import NAME, cells_of, sent
    from revisions.inquiry.typed import as_typed
    from revisions.plan.cells import initial_of

    drafts = apps.get_model('revisions', 'AnswerDraft').objects
    for draft in list(drafts.filter(field__in=TABLES).select_related('target__inquiry')):
        answer = draft.target.answers.filter(uid=draft.uid).first()
        version = draft.target.version or draft.target.inquiry.version
        shown = {sheet['uid']: sheet for sheet in json.loads(version.content)['projects']}
        was = as_typed(initial_of((answer and answer.proposed) or shown[draft.uid]))
        names = dict(enumerate(was[draft.field].split()))
        rows = {n: row | {NAME: names.get(n, f'row{n}')} for n, row in enumerate(draft.value)}
        now = cells_of(draft.field, sent(rows))
        cells = {f: '' for f in was if f.startswith(f'{draft.field}/')} | now
        draft.delete()
        for field, text in cells.items():
            if text != was.get(field, ''):
                draft.pk, draft.field, draft.value = None, field, text
                draft.save(force_insert=True)


class Migration(migrations.Migration):

    dependencies = [
        ('revisions', '0003_class_of_reason_of_an_answer'),
    ]

    operations = [
        migrations.AddField(
            model_name='sheetanswer',
            name='rows',
            field=models.JSONField(default=dict),
        ),
        migrations.AlterField(
            model_name='answerdraft',
            name='field',
            field=models.CharField(max_length=40),
        ),
        migrations.RunPython(
            split_tables,
            reverse_code=migrations.RunPython.noop,
        ),
    ]

"""A deadline for every stage that is to begin or to end, of revisions begun before stages had one.

Each is begun as plan/parts_stages.py begins it: set by nobody, reckoned by the next sweep. Frozen
here, as workflow 0010, of which it uses what it froze.
"""

import calendar
from importlib import import_module

from django.db import migrations
from django.utils import timezone

frozen = import_module("workflow.migrations.0010_deadlines_of_turns")
TITLES = {"stage.begin": "「%s」を始める　%s", "stage.end": "「%s」を終える　%s"}
PASSED_OVER, ENDED = ("skipped", "cancelled"), ("concluded", "sent_back", "skipped", "cancelled")


def lay(apps, schema_editor):
    at = timezone.now()
    for revision in apps.get_model("revisions", "Revision").objects.filter(
        state__in=["drafting", "consulting"]
    ).order_by("pk"):
        group = steering(apps.get_model("revisions", "RevisionGrant"), revision)
        stages = apps.get_model("workflow", "Stage").objects.filter(case=revision.case_id)
        for stage, kind, day in waiting({stage.pk: stage for stage in stages.order_by("pk")}):
            deadline = apps.get_model("workflow", "Deadline")(
                subject=f"workflow.stage:{stage.pk}",
                part_of=f"revisions.revision:{revision.pk}",
                kind=kind,
                title=(TITLES[kind] % (stage.name, revision.title))[:200],
                link=f"/stages/{stage.pk}/",
                group_id=group,
                due_at=frozen.end_of(day),
                received_at=at,
                reminded_until=frozen.end_of(at.astimezone(frozen.TOKYO).date()),
                next_at=at,
            )
            deadline.save()
            frozen.chain(apps.get_model("workflow", "AuditEntry"), deadline, at)
            deadline.save()


def steering(grants, revision):
    held = grants.objects.filter(
        content_object=revision.pk, permission__codename="steer_revision"
    )
    return held.order_by("pk").values_list("group", flat=True)[0]


def waiting(stages):
    for stage in stages.values():
        if stage.state == "open":
            kind, day = "stage.end", stage.planned_until
        elif stage.state == "planned" and not held_up(stage, stages):
            kind, day = "stage.begin", stage.planned_from
        else:
            continue
        if day and stage.precision == "month":
            day = day.replace(day=calendar.monthrange(day.year, day.month)[1])
        if day:
            yield stage, kind, day


def held_up(stage, stages):
    ahead = stages.get(stage.after_id)
    while ahead and ahead.state in PASSED_OVER:
        ahead = stages.get(ahead.after_id)
    return ahead and ahead.state not in ENDED


class Migration(migrations.Migration):

    dependencies = [
        ("revisions", "0004_rows_of_an_answer"),
        ("workflow", "0012_deadlines_of_a_whole"),
    ]

    operations = [migrations.RunPython(lay, migrations.RunPython.noop)]

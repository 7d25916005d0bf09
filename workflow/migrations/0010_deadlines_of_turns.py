"""A deadline for every turn that waits for a day, of requests sent round before turns had one.

Each is begun as signoff/parts_days.py begins it: set by nobody, reckoned by the next sweep. Frozen
here, since a migration is run with the models of its day.
"""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db import migrations
from django.db.models import F
from django.utils import timezone

from workflow.audit.chain import GENESIS, link

TOKYO = ZoneInfo("Asia/Tokyo")
KIND = "signoff.turn"
NO_TURN = ("informed", "review")


def lay(apps, schema_editor):
    at = timezone.now()
    for step in waiting(apps.get_model("workflow", "Step")):
        deadline = begun(apps.get_model("workflow", "Deadline"), step, at)
        deadline.save()
        chain(apps.get_model("workflow", "AuditEntry"), deadline, at)
        deadline.save()


def waiting(steps):
    turns = steps.objects.filter(
        state="active", attempt=F("request__attempt"), request__state="circulating",
        request__asked_for_on__isnull=False, request__matter="",
    ).exclude(role__in=NO_TURN)
    return turns.select_related("post", "request__drafter_post__section").order_by("pk")


def begun(deadlines, step, at):
    request, section = step.request, step.request.drafter_post.section
    return deadlines(
        subject=f"workflow.step:{step.pk}",
        part_of=request.part_of,
        kind=KIND,
        title=request.title,
        link=f"/requests/{request.pk}/",
        group_id=step.post.group_id,
        due_at=end_of(request.asked_for_on),
        asked_by_id=section.group_id if section else None,
        received_at=at,
        reminded_until=end_of(at.astimezone(TOKYO).date()),
        next_at=at,
    )


def end_of(day):
    return datetime.combine(day, time(23, 59, 59), tzinfo=TOKYO)


def chain(entries, deadline, at):
    """The first entry of its chain; the clock set it."""
    subject = f"workflow.deadline:{deadline.pk}"
    day = deadline.due_at.astimezone(TOKYO).date().isoformat()
    body = {
        "subject": subject, "within": deadline.part_of, "verb": "deadline.set",
        "by": None, "post": None, "at": at.isoformat(),
        "before": "", "after": "open", "reason": "", "facts": {"kind": deadline.kind, "due_on": day},
    }
    text, deadline.chain_head = link(body, prev=GENESIS, seq=1)
    deadline.chain_length = 1
    entries.objects.create(
        subject=subject, seq=1, within_key=deadline.part_of, verb="deadline.set", by=None, at=at,
        body=text, prev=GENESIS, hash=deadline.chain_head,
    )


class Migration(migrations.Migration):

    dependencies = [("workflow", "0009_reminder_rules")]

    operations = [migrations.RunPython(lay, migrations.RunPython.noop)]

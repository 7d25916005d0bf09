"""`python -m benchmarks.board`: 進捗のボード of 20 inquiries with 1,000 addressees each.

On PostgreSQL, in a database of its own: DATABASE_URL names the server. Every addressee has two
answers and five entries in the trail. Asserted: the statements and the time of every page, and that
500 more reminders always cost the same few statements.
"""

import logging
import os
import statistics
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.tools import clock, copy, promise, scratch

ADDRESSEES, INQUIRIES = 1_000, 20
WHO = "joho-tanto"
TIMES = 20
LIMIT_MS, MOST_STATEMENTS = 100, 12
STATES = ["pending_receipt", "received", "in_review", "answered", "returned", "accepted", "waived"]
VERBS = ["received", "submitted", "sent_back", "answered"]
REMINDED = (500, 500, 1_000)
"""How many are urged, an inquiry each; the first run looks up what is then kept."""

PAGES = {
    "すべての照会 × 部": "/inquiries/",
    "課ごと": "/inquiries/{pk}/board/",
    "課ごと、次のページ": "/inquiries/{pk}/board/?{after}",
    "課ごと、3開庁日以上の超過": "/inquiries/{pk}/board/?late=3",
    "課ごと、新着のみ": "/inquiries/{pk}/board/?news=on",
    "事業ごと": "/inquiries/{pk}/board/sheets/",
    "事業ごと、部でしぼる": "/inquiries/{pk}/board/sheets/?department=kyoiku",
}


def load(at: datetime) -> list[Any]:
    """Issue the inquiries to the city's sections and as many more; then answer them in SQL."""
    ids = [*_city(), *_more(ADDRESSEES - len(_city()))]
    inquiries = [_issued(f"bench-{n}", ids, at) for n in range(INQUIRIES)]
    _answer()
    return inquiries


def _city() -> list[int]:
    from workflow.models import Section

    return list(Section.objects.values_list("pk", flat=True))


def _more(count: int) -> list[int]:
    from django.contrib.auth.models import Group

    from workflow.models import Department, Section

    groups = Group.objects.bulk_create(Group(name=f"bench:{n}") for n in range(count))
    departments = list(Department.objects.all())
    made = Section.objects.bulk_create(
        Section(
            code=f"bench-{n}",
            name=f"第{n}課",
            department=departments[n % len(departments)],
            group=group,
        )
        for n, group in enumerate(groups)
    )
    return [section.pk for section in made]


def _issued(name: str, section_ids: list[int], at: datetime) -> Any:
    from django.db import transaction

    from revisions.cycle.commands import open_stage, start_revision
    from revisions.demo.city import read
    from revisions.inquiry import commands
    from revisions.models import Plan
    from revisions.plan import parts
    from workflow.deadline.queries import calendar
    from workflow.models import Stage, User

    by, plan = User.objects.get(username=WHO), read("plan.yaml")
    years = {key: plan["plan"][key] for key in ("first_year", "last_year")}
    revision = start_revision(
        plan_id=Plan.objects.create(code=name, title=name, **years).pk,
        kind="new_plan",
        route="standard",
        title=f"測定{name}",
        starts_on=at.date(),
        by=by,
        at=at,
    )
    with transaction.atomic():
        parts.load(revision, {key: plan[key] for key in ("plan", "policies", "projects")})
    stage = Stage.objects.filter(case=revision.case_id, kind="inquiry").earliest("order")
    open_stage(stage_id=stage.pk, by=by, at=at, reason="測定のため")
    inquiry = commands.prepare_inquiry(
        stage_id=stage.pk,
        kind="projects",
        title=f"照会{name}",
        text="",
        due_on=calendar().working_day_after(at.date(), 3),
        by=by,
        at=at,
    )
    return commands.issue(inquiry_id=inquiry.pk, section_ids=section_ids, by=by, at=at)


def _answer() -> None:
    """Spread the addressees over the states and the days, and let each have a history."""
    from django.db import connection

    from revisions.models import InquiryTarget, SheetAnswer
    from workflow.models import AuditEntry, User

    verbs = "'inquiry.' || " + _one_of(VERBS, "k")
    target = InquiryTarget.objects.earliest("pk")
    entry = AuditEntry.objects.get(subject=target.key, seq=1)
    answer = SheetAnswer.objects.create(target=target, uid="P00", kind="unchanged")
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE revisions_inquirytarget SET state = {_one_of(STATES, 'id')},"  # noqa: S608
            " due_on = due_on - (id % 9)::int, chain_length = 5"
        )
        # who has not answered is asked by the same day, nobody else by any
        cursor.execute(
            "UPDATE workflow_deadline d SET due_at = d.due_at - t.id % 9 * interval '1 day',"  # noqa: S608
            " state = CASE WHEN t.answered THEN 'met' ELSE 'open' END,"
            " ended_at = CASE WHEN t.answered THEN d.due_at END,"
            " next_at = CASE WHEN t.answered THEN NULL ELSE d.next_at END"
            " FROM (SELECT id, state IN ('answered', 'accepted', 'waived') AS answered"
            "  FROM revisions_inquirytarget) t"
            f" WHERE d.subject = '{InquiryTarget._meta.label_lower}:' || t.id"
        )
    copy(
        AuditEntry,
        entry,
        "revisions_inquirytarget g, generate_series(2, 5) k",
        subject=f"'{InquiryTarget._meta.label_lower}:' || g.id",
        within_key="'revisions.revision:' || g.revision_id",
        body=f"replace(t.body, t.subject, '{InquiryTarget._meta.label_lower}:' || g.id)",
        seq="k",
        verb=verbs,
        by_id=str(User.objects.get(username="koho-tanto").pk),
    )
    copy(
        SheetAnswer,
        answer,
        "revisions_inquirytarget g, generate_series(1, 2) k",
        target_id="g.id",
        uid="'P' || lpad(((g.id + k) % 38 + 1)::text, 2, '0')",
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _one_of(words: list[str], n: str) -> str:
    return f"(ARRAY{words})[1 + ({n}) % {len(words)}]"


def measure(inquiry: Any) -> dict[str, dict[str, Any]]:
    """Return for every page: median and worst ms, statements."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from workflow.models import User

    client = Client()
    client.force_login(User.objects.get(username=WHO))
    first = client.get(PAGES["課ごと"].format(pk=inquiry.pk))
    found = {}
    for name, pattern in PAGES.items():
        path = pattern.format(pk=inquiry.pk, after=f"after={first.context['after']}")
        for _warm in range(3):
            promise(client.get(path).status_code == 200, path)
        taken = [clock(lambda path=path: client.get(path)) for _ in range(TIMES)]
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        found[name] = {
            "median": statistics.median(taken),
            "worst": max(taken),
            "statements": len(captured),
        }
    return found


def measure_reminders(inquiries: list[Any], at: datetime) -> list[dict[str, Any]]:
    """Return ms and statements of urging more and more addressees, of an inquiry each."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from revisions.inquiry.commands_bulk import remind_each
    from revisions.models import InquiryTarget
    from workflow.models import User

    by, found = User.objects.get(username=WHO), []
    for count, inquiry in zip(REMINDED, inquiries, strict=False):
        InquiryTarget.objects.filter(inquiry=inquiry).update(state="pending_receipt")
        ids = InquiryTarget.objects.filter(inquiry=inquiry).values_list("pk", flat=True)
        picked = dict.fromkeys(list(ids)[:count])
        with CaptureQueriesContext(connection) as captured:
            taken = clock(
                lambda picked=picked, inquiry=inquiry: remind_each(
                    inquiry_id=inquiry.pk, picked=picked, by=by, at=at
                )
            )
        found.append({"count": len(picked), "median": taken, "statements": len(captured)})
    return found


def report() -> list[str]:
    """Return lines of Markdown; AssertionError where a promise is broken."""
    at = datetime.now(UTC)
    with scratch():
        inquiries = load(at - timedelta(days=14))
        found = measure(inquiries[0])
        reminders = measure_reminders(inquiries, at)
    for name, row in found.items():
        promise(row["statements"] <= MOST_STATEMENTS, f"{name}: {row['statements']} statements")
        promise(row["median"] <= LIMIT_MS, f"{name}: {row['median']:.0f} ms")
    _first, once, twice = (row["statements"] for row in reminders)
    promise(twice <= 2 * once, f"{twice} statements for 1,000 reminders, {once} for 500")
    return [
        f"進捗のボード。{INQUIRIES}件の照会 × {ADDRESSEES:,}課。",
        "",
        "| 画面 | 中央値 ms | 最大 ms | SQL |",
        "|---|---:|---:|---:|",
        *(
            f"| {name} | {row['median']:.1f} | {row['worst']:.1f} | {row['statements']} |"
            for name, row in found.items()
        ),
        *(
            f"| 督促（{row['count']:,}課） | {row['median']:.1f} | | {row['statements']} |"
            for row in reminders
        ),
    ]


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    logging.disable(logging.INFO)
    print("\n".join(report()))  # noqa: T201


if __name__ == "__main__":
    main()

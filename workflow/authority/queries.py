from dataclasses import replace
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from workflow.authority.checking import Checked, check
from workflow.authority.findings import Finding, Known
from workflow.authority.models import DecisionRule, DecisionTable
from workflow.authority.reading import read
from workflow.authority.resolve import Place, Rule, Tier
from workflow.deadline.days import day_words
from workflow.people.models import Appointment, Body, Department, Post, Seat, Section
from workflow.people.states import Rank


def tables() -> QuerySet[DecisionTable]:
    """Return the tables that stand, the latest first."""
    return DecisionTable.objects.filter(in_force=True)


def tables_on(day: date) -> dict[str, DecisionTable]:
    """Return the table in force of every 執行機関 that has one; "" is the city's."""
    return {table.organ: table for table in DecisionTable.objects.on(day).order_by("since")}


def table_on(day: date, post: Post | None = None) -> DecisionTable | None:
    """Return the table of the 執行機関 that a post serves, else the city's. One statement."""
    organs = Department.objects.filter(pk__in=_departments(post)).values("organ")
    found = DecisionTable.objects.on(day).filter(Q(organ="") | Q(organ__in=organs))
    return found.order_by("-organ", "-since").first()


def _departments(post: Post | None) -> list[int]:
    of_section = post.section.department_id if post and post.section else None
    return [pk for pk in (post and post.department_id, of_section) if pk]


def tiers_of(table: DecisionTable) -> list[Tier]:
    return [Tier(tier["name"], tier["who"], tier["delegated"]) for tier in table.tiers]


def rules_of(table: DecisionTable) -> list[Rule]:
    """Return the rules of a table in order. One statement."""
    tiers = {tier.name: tier for tier in tiers_of(table)}
    return [_rule(row, tiers[row.tier]) for row in table.rules.all()]


def _rule(row: DecisionRule, tier: Tier) -> Rule:
    return Rule(
        order=row.order,
        matter=row.matter,
        tier=tier,
        places=tuple(Place(s["role"], s["who"], s["needed"]) for s in row.steps),
        flags=frozenset(row.flags),
        amount_from=row.amount_from,
        amount_to=row.amount_to,
        scope=row.scope,
        article=row.article,
        subject=row.subject,
        retention=row.retention,
    )


def known_on(day: date) -> Known:
    """Return what a table that begins on the day can name. Five statements."""
    held = Appointment.objects.on(day).values("post")
    posts = list(Post.objects.values_list("code", "pk"))
    chiefs = Count("posts", filter=Q(posts__rank=Rank.SECTION_CHIEF))
    bodies = dict.fromkeys(Body.objects.values_list("code", flat=True), 0)
    seats = Seat.objects.on(day).values_list("body__code").annotate(count=Count("pk"))
    occupied = set(held.values_list("post", flat=True))
    return Known(
        posts=frozenset(code for code, _pk in posts),
        sections={
            code: bool(count)
            for code, count in Section.objects.annotate(chiefs=chiefs).values_list("code", "chiefs")
        },
        bodies=bodies | dict(seats),
        organs=frozenset(Department.objects.values_list("organ", flat=True)),
        vacant=frozenset(code for code, pk in posts if pk not in occupied),
    )


def checked(text: str) -> Checked:
    """Read and check a table's text against what there is on its first day, and against the others.

    raises  Invalid when it is no table at all
    """
    raw = read(text)
    since = raw["since"]
    found = check(raw, known_on(since if isinstance(since, date) else date.max))
    return replace(found, findings=(*found.findings, *too_early(found)))


def too_early(table: Checked) -> list[Finding]:
    """A change is a table that begins later: what went before stays as it was."""
    latest = tables().filter(organ=table.organ).first()
    if latest is None or table.since is None or table.since > latest.since:
        return []
    words = {"name": latest.name, "since": day_words(latest.since)}
    text = _("「%(name)s」（%(since)s施行）より後の日にしてください。") % words
    return [Finding("", _("施行日"), text)]

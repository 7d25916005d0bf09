from collections import Counter
from datetime import date

from django.db.models import Count, Q, QuerySet

from revisions.opinion.models import Opinion
from revisions.opinion.states import OpinionState
from revisions.plan.models import Revision
from workflow.path.models import Stage
from workflow.people.models import Section

_UNNAMED = Q(submitter=None) | Q(submitter__name="")


def ledger(revision: Revision) -> QuerySet[Opinion]:
    """Return every opinion of every channel, with the number of like ones (`like`)."""
    return (
        Opinion.objects.filter(revision=revision)
        .select_related("section", "stage", "similar_to")
        .annotate(like=Count("similar"))
        .order_by("number")
    )


def counts(revision: Revision) -> dict[str, int]:
    """Return how many opinions are in each state, in one statement."""
    states = Opinion.objects.filter(revision=revision).values_list("state", flat=True)
    found = Counter(states)
    return {state: found[state] for state in OpinionState.values}


def undisposed(revision: Revision) -> QuerySet[Opinion]:
    states = [OpinionState.RECEIVED, OpinionState.DRAFTED]
    return Opinion.objects.filter(revision=revision, state__in=states).order_by("number")


def same_wording(
    stage: Stage, *, channel: str, received_on: date, text: str, name: str
) -> QuerySet[Opinion]:
    """Return the opinions of a stage with the same words, from the same person on the same day."""
    same = Opinion.objects.filter(
        stage=stage, channel=channel, received_on=received_on, text=text
    ).order_by("number")
    return same.filter(submitter__name=name) if name else same.filter(_UNNAMED)


def sought(
    opinions: QuerySet[Opinion], *, words: str = "", section: str = "", **same: str
) -> QuerySet[Opinion]:
    """Narrow a ledger.

    words    all of them stand in the wording, the summary or the place
    section  code of the section asked
    same     stage (id), channel, state, disposition
    """
    if section:
        same |= {"section__code": section}
    if same.get("disposition"):
        opinions = opinions.exclude(state=OpinionState.RECEIVED)
    for word in words.split():
        has = Q(text__icontains=word) | Q(summary__icontains=word) | Q(place__icontains=word)
        opinions = opinions.filter(has)
    return opinions.filter(**same)


def page_of(
    opinions: QuerySet[Opinion], *, before: int | None, after: int | None, size: int
) -> tuple[list[Opinion], int | None, int | None]:
    """Return at most `size` opinions by number, and the cursors of the pages on both sides.

    before, after  number of the first or last opinion of the page that one comes from
    """
    if before is not None:
        rows = list(opinions.filter(number__lt=before).order_by("-number")[: size + 1])
        more_before, more_after = len(rows) > size, True
        rows = rows[:size][::-1]
    else:
        rows = list(opinions.filter(number__gt=after or 0).order_by("number")[: size + 1])
        more_before, more_after = bool(after), len(rows) > size
        rows = rows[:size]
    if not rows:
        return [], None, None
    return (
        rows,
        rows[0].number if more_before else None,
        rows[-1].number if more_after else None,
    )


def heard_stages(revision: Revision) -> list[tuple[int, str]]:
    """Return (id, words) of every stage that has opinions."""
    found = Stage.objects.filter(pk__in=revision.opinions.values("stage")).select_related("round")
    return [(stage.pk, f"{stage.round.name}　{stage.name}") for stage in found]


def asked_sections(revision: Revision) -> list[tuple[str, str]]:
    """Return (code, name) of every section that was asked for an answer."""
    found = Section.objects.filter(pk__in=revision.opinions.values("section"))
    return list(found.values_list("code", "name"))

from collections import Counter

from django.db.models import Count, QuerySet

from revisions.opinion.models import Opinion
from revisions.opinion.states import OpinionState
from revisions.plan.models import Revision


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

"""訂正の経路: by the table in force, as for any request, with those who had their say before."""

from datetime import date
from typing import NamedTuple

from workflow.authority.changes import extended
from workflow.authority.laying import Laid, route
from workflow.authority.line import Line, Turn
from workflow.authority.resolve import Facts
from workflow.authority.states import StepRole
from workflow.people.models import Post
from workflow.signoff.models import Request


class Way(NamedTuple):
    """laid is None where no table has a rule: it goes the line of what it corrects."""

    line: Line
    laid: Laid | None

    @property
    def by_rule(self) -> list[Post]:
        return [turn.post for turn in self.laid.line] if self.laid else []


def way_again(old: Request, facts: Facts, *, drafter: Post, on: date) -> Way:
    """Return the line of a correction of `old`.

    raises  Unmet when no rule takes the matter as it is now, or nobody is left to decide
    """
    line = line_of(old)
    laid = route(facts, drafter=drafter, on=on)
    return Way(extended(laid, line, but=[drafter]) if laid else line, laid)


def line_of(request: Request) -> Line:
    """Return the turns of the circulation that decided a request; a 後閲 comes by itself."""
    steps = request.steps.filter(attempt=request.attempt).exclude(role=StepRole.REVIEW)
    rows = steps.select_related("post__group")
    return [Turn(step.order, StepRole(step.role), step.post, step.needed) for step in rows]

"""決裁欄 as it is read: every step with who signed it, for whom, when, and what they said."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from workflow.authority.states import StepRole
from workflow.people.queries import holders_now
from workflow.people.states import DeputyKind
from workflow.signoff.circulation import dissents, front
from workflow.signoff.deputising import absent_words
from workflow.signoff.models import Signature, Step
from workflow.signoff.offers import Reader
from workflow.signoff.queries import deputies
from workflow.signoff.states import GATING, StepState

BACK = ("signoff.sent_back", "signoff.pulled_back")
REVIEWS = (StepState.POST_REVIEW_DUE, StepState.POST_REVIEWED)


@dataclass(frozen=True)
class Box:
    """name  who signed, as they were called then; else who holds the post today
    note  in whose place, with which other box, why not yet
    """

    step: Step
    name: str
    note: str

    @property
    def at(self) -> datetime | None:
        return self.step.acted_at


def boxes(steps: Sequence[Step], on: date) -> dict[str, list[Box]]:
    """Return the 決裁欄 proper, what is read afterwards (後閲), and who is informed (供覧)."""
    told, holders = _told(steps), holders_now(on, [s.post_id for s in steps])
    rows = [
        Box(s, _name(s, told.get(s.pk), "、".join(holders.get(s.post_id, []))), _note(s, steps))
        for s in steps
    ]
    return {
        "seals": [b for b in rows if b.step.role in GATING],
        "reviews": [b for b in rows if b.step.role == StepRole.REVIEW or b.step.state in REVIEWS],
        "informed": [b for b in rows if b.step.role == StepRole.INFORMED],
    }


def on_letter(laid: dict[str, list[Box]]) -> dict[str, Any]:
    """起案用紙: whoever decides first, as on paper; 合議 apart; then what everybody said."""
    line = [b for b in laid["seals"] if b.step.role != StepRole.CONCURRENCE]
    beside = [b for b in laid["seals"] if b.step.role == StepRole.CONCURRENCE]
    due = [b for b in laid["reviews"] if b not in laid["seals"]]
    every = [*laid["seals"], *due, *laid["informed"]]
    return {
        "line": [(_("決裁欄"), line[::-1]), (_("合議"), beside)],
        "after": [(_("後閲"), due), (_("供覧"), laid["informed"])],
        "opinions": [b for b in every if b.step.comment],
    }


def _told(steps: Sequence[Step]) -> dict[int, dict[str, Any]]:
    """Return the last statement signed on each step: people and posts change, it does not."""
    signed = [s.pk for s in steps if s.acted_at]
    rows = Signature.objects.filter(step__in=signed).order_by("pk")
    return {row.step_id: json.loads(row.statement) for row in rows.only("step", "statement")}


def _name(step: Step, told: dict[str, Any] | None, holder: str) -> str:
    if step.acted_by is None:
        return holder
    return told["signer"]["name"] if told else step.acted_by.name


def _note(step: Step, steps: Sequence[Step]) -> str:
    return _for_another(step) or _twice(step, steps) or _why_not_yet(step)


def _for_another(step: Step) -> str:
    if not step.acted_post:
        return ""
    return _("%(post)sが%(kind)s（%(principal)s不在のため）") % {
        "post": step.acted_post.name,
        "kind": DeputyKind(step.acted_as).label,
        "principal": step.post.name,
    }


def _twice(step: Step, steps: Sequence[Step]) -> str:
    """兼務: the signature came with another one's."""
    first = next((s for s in steps if s.acted_by_id and s.entry == step.entry), step)
    if first is step or first.acted_by_id != step.acted_by_id:
        return ""
    return _("兼務：%sとしての署名と同時") % first.post.name


def _why_not_yet(step: Step) -> str:
    if step.acted_at or step.state == StepState.CLOSED:
        return ""
    if not step.manned:
        return _("この職にある人がいません")
    return _("不在") if step.away else ""


def notes(reader: Reader, history: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return what must be seen before anything else: dissents, why it came back, who is absent."""
    steps = reader.steps
    running = reader.request.state == "circulating"
    returned = reader.request.state == "draft"
    return {
        "dissents": dissents(steps),
        "came_back": to_drafter(history) if returned else _came_back(steps, history),
        "missing": _missing(reader) if running else [],
    }


def to_drafter(history: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the entry that sent it back to its drafter; None when they fetched it themselves."""
    last = next((e for e in history if e["verb"] in BACK), None)
    return last if last and last["verb"] == BACK[0] else None


def _came_back(steps: Sequence[Step], history: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the entry that sent the turn back to a step that has not signed again yet."""
    turn = {s.pk for s in front(steps)}
    back = next((e for e in history if e["verb"] == "signoff.sent_back"), None)
    return back if back and back["facts"].get("to_step") in turn else None


def _missing(reader: Reader) -> list[str]:
    """Say of each step of the turn whose holder is not there how it goes on."""
    words = []
    for step in front(reader.steps):
        if step.manned and not step.away:
            continue
        if step.role == StepRole.DECIDER:
            rows = deputies(step, reader.user, reader.on)
            words.append(absent_words(step, rows, reader.steps, reader.on))
        elif not step.manned:
            words.append(
                _("%sの職にある人がいません。後の欄の人が引き上げて承認できます。") % step.post.name
            )
    return words

"""代決・職務代理: who may decide in an absent decider's place. Every refusal names its rule."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.utils.translation import gettext as _

from workflow.deadline.days import day_words
from workflow.errors import NotAllowed
from workflow.people.models import Deputy, User
from workflow.people.states import DeputyKind
from workflow.signoff.circulation import dissents, passed_by, unsettled
from workflow.signoff.marks import Right
from workflow.signoff.models import Request, Step
from workflow.signoff.queries import Standby, deputies, is_deputy_of_any


def check_can_deputise(by: User, step: Step, steps: Sequence[Step], on: date) -> Right:
    """Let the first registered deputy who is there act for a decider who is not.

    職務代理 comes before 代決 where somebody is registered for both: who has taken over the
    duties has no need to substitute, and is not bound by what bars a substitute.
    raises  NotAllowed, with the rule
    """
    rows = deputies(step, by, on)
    own = sorted((row for row in rows if row.mine), key=lambda row: row.rule.kind)
    if not own:
        raise NotAllowed(_stranger(by, step, rows, steps, on))
    reasons = []
    for row in own:
        reason = next(_against(row, rows, step, steps, on), "")
        if not reason:
            return Right(row.rule.deputy, acting_as=row.rule.kind, basis=row.rule.source)
        reasons.append(reason)
    raise NotAllowed(reasons[0])


def in_line(step: Step, rows: Sequence[Standby], on: date) -> list[Deputy]:
    """Return who could act for the step's decider on the day, the first in order first.

    In a vacant office (欠員) a 職務代理 holds the duties, and leaves nothing to a 代決.
    """
    able = [row.rule for row in rows if row.there and _covers(row.rule, step.request, on)]
    acting = [rule for rule in able if rule.kind == DeputyKind.ACTING]
    if acting and not step.manned:
        able = acting
    return sorted(able, key=lambda rule: (rule.kind, rule.order))


def next_in_line(
    step: Step, rows: Sequence[Standby], steps: Sequence[Step], on: date
) -> Deputy | None:
    """Return who may decide on the day in the place of the step's absent decider."""
    for rule in in_line(step, rows, on):
        substitutes = rule.kind == DeputyKind.SUBSTITUTE
        if not (substitutes and any(_barred(step, steps, _words(rule, step)))):
            return rule
    return None


def _against(
    row: Standby, rows: Sequence[Standby], step: Step, steps: Sequence[Step], on: date
) -> Iterator[str]:
    """Yield what stands against the deputy's acting, the weightiest first."""
    rule, words = row.rule, _words(row.rule, step)
    if step.manned and not step.away:
        yield _("%(principal)sは不在ではないため、%(kind)sはできません（%(source)s）。") % words
    if not _in_period(rule, on):
        yield (
            _(
                "%(kind)sの登録の期間（%(since)s～%(until)s）ではないため、%(principal)sに"
                "代わることはできません（%(source)s）。"
            )
            % words
        )
    if not _in_scope(rule, step.request):
        yield (
            _("この種類の件は、%(deputy)sの%(kind)sの範囲に入っていません（%(source)s）。") % words
        )
    if not row.there:
        yield _("%(deputy)sも不在のため、%(kind)sはできません（%(source)s）。") % words
    if earlier := _before(rule, rows, step, on):
        words["earlier"] = earlier.deputy.name
        yield _("先の順位の%(earlier)sがいるため、%(kind)sはできません（%(source)s）。") % words
    if rule.kind == DeputyKind.SUBSTITUTE:
        yield from _barred(step, steps, words)


def _words(rule: Deputy, step: Step) -> dict[str, str]:
    return {
        "kind": rule.get_kind_display(),
        "principal": step.post.name,
        "deputy": rule.deputy.name,
        "source": rule.source,
        "since": day_words(rule.since),
        "until": day_words(rule.until) if rule.until else "",
    }


def _barred(step: Step, steps: Sequence[Step], words: dict[str, str]) -> Iterator[str]:
    """What is not for a substitute waits for the decider (or a 職務代理)."""
    if flags := step.request.get_flags_display():
        words["flags"] = "・".join(flags)
        yield _("「%(flags)s」の件のため、代決はできません（%(source)s）。") % words
    if dissents(steps):
        yield _("合議に不同意があるため、代決はできません（%(source)s）。") % words
    elif unsettled(steps):
        yield _("合議が調っていないため、代決はできません（%(source)s）。") % words
    if there := [s for s in passed_by(step, steps) if s.manned and not s.away]:
        words["there"] = "、".join(s.post.name for s in there)
        yield (
            _("代決は、決裁者の番が来てからです。%(there)sの承認を待ってください（%(source)s）。")
            % words
        )


def _before(rule: Deputy, rows: Sequence[Standby], step: Step, on: date) -> Deputy | None:
    """Return the deputy of the same kind who is there and comes first, or who leaves it nothing."""
    able = in_line(step, rows, on)
    if able and rule.kind not in {r.kind for r in able} and not step.manned:
        return able[0]
    return next((r for r in able if r.kind == rule.kind and r.order < rule.order), None)


def _stranger(
    by: User, step: Step, rows: Sequence[Standby], steps: Sequence[Step], on: date
) -> str:
    """Say whose turn it is, and to who is only a deputy's deputy, why that doesn't help."""
    if rows and is_deputy_of_any(by, [row.rule.deputy_id for row in rows], on):
        return _(
            "代決者の代決（代理の代理）はできません。%(name)sに代われるのは、%(who)s（%(source)s）です。"
        ) % {
            "name": step.post.name,
            "who": "、".join(row.rule.deputy.name for row in rows),
            "source": rows[0].rule.source,
        }
    if step.manned and not step.away:
        return _("この決裁欄に署名できるのは、%sの職にある人です。") % step.post.name
    return absent_words(step, rows, steps, on)


def absent_words(step: Step, rows: Sequence[Standby], steps: Sequence[Step], on: date) -> str:
    """Say that the decider is absent, and who could act, in which order; or what bars them."""
    why = _("%sは不在です。") if step.manned else _("%sの職にある人がいません。")
    able = in_line(step, rows, on)
    substitutes = [rule for rule in able if rule.kind == DeputyKind.SUBSTITUTE]
    bars = [bar for rule in substitutes for bar in _barred(step, steps, _words(rule, step))]
    who = "、".join(
        f"{n}. {rule.deputy.name}（{rule.get_kind_display()}、{rule.source}）"
        for n, rule in enumerate((r for r in able if not bars or r not in substitutes), 1)
    )
    then = (
        _("代わって決裁できる人：%s。") % who if who else _("いま代わって決裁できる人はいません。")
    )
    return "".join([why % step.post.name, then, *bars[:1]])


def _covers(rule: Deputy, request: Request, on: date) -> bool:
    return _in_period(rule, on) and _in_scope(rule, request)


def _in_period(rule: Deputy, on: date) -> bool:
    return rule.since <= on and (rule.until is None or on <= rule.until)


def _in_scope(rule: Deputy, request: Request) -> bool:
    return not rule.scope or request.kind in rule.scope

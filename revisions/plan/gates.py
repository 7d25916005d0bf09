"""いつ: what of a plan may be changed, and what a sheet must be like."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from revisions.plan.consistency import Finding, check
from revisions.plan.merging import NAMED, Choice, changed_fields
from revisions.plan.models import Placement, Plan, Program, Revision
from revisions.plan.queries import Sheet, facts_of, fingerprint
from revisions.plan.states import OPEN_TO_CHANGE, RUNNING, Level, RevisionKind
from workflow.errors import Invalid, Stale, Unmet
from workflow.people.models import Section


def check_running(revision: Revision) -> None:
    if revision.state not in RUNNING:
        state = revision.get_state_display()
        raise Unmet(_("この改定は終わっています（%s）。変更は、次の改定で行ってください。") % state)


def check_may_change(revision: Revision, level: Level) -> None:
    """Refuse a change of what this kind of revision leaves alone, and of a draft that is done."""
    if revision.state not in RUNNING:
        told = {"state": revision.get_state_display()}
        raise Unmet(_("この改定は「%(state)s」のため、内容を変更できません。") % told)
    if level not in OPEN_TO_CHANGE[RevisionKind(revision.kind)]:
        told = {"kind": revision.get_kind_display(), "level": str(level.label)}
        raise Unmet(_("「%(kind)s」では%(level)sを変更できません。") % told)


def check_sheet(plan: Plan, sheet: Sheet) -> None:
    """Refuse a sheet with the first thing wrong in it, naming the field."""
    for field, message in faults(plan, sheet):
        raise Invalid(message, field=field)


def faults(
    plan: Plan, sheet: Sheet, names: Mapping[str, str] | None = None
) -> list[tuple[str, str]]:
    """Return everything wrong with a sheet as (field, sentence).

    names  section code → name, where they are known already
    """
    one = _plan_of_one(plan, sheet)
    if not check(one):
        return []
    names = names or dict(Section.objects.values_list("code", "name"))  # for the words alone
    return [(_field(found), found.message) for found in check(one, names)]


def check_unmoved(words: Any, seen: str | None) -> None:
    """Refuse an act on a page made from other words or places of the draft; None: no page was."""
    if seen is not None and seen != fingerprint(words):
        raise Stale


def check_changed(before: Sheet, after: Sheet) -> list[str]:
    """Return the fields in which two sheets differ; there must be one."""
    if changed := [field for field in after if after[field] != before[field]]:
        return changed
    raise Invalid(_("変更した項目がありません。"))


def check_empty(revision: Revision) -> None:
    if revision.policies.exists() or revision.projects.exists():
        raise Unmet(_("計画案に内容があるため、取り込めません。画面から修正してください。"))


def check_new_name(revision: Revision, name: str, *others: str) -> None:
    if name in others or revision.projects.filter(name=name, is_discontinued=False).exists():
        message = _("同じ名称の個別事業が、計画案にすでにあります。")
        raise Invalid(message, field="name")


def check_same(placement: Placement, uid: str) -> None:
    """Refuse an act on a place where another project stands by now."""
    if placement.project.uid != uid:
        raise Stale


def check_moves(place: str, then: tuple[str, int]) -> None:
    """Refuse to move what would stay where it is."""
    if place == "{}-({})".format(*then):
        raise Invalid(_("いまと同じ場所です。別の場所を選んでください。"), field="slot")


def check_once(program: Program, uid: str, *, but: Placement | None = None) -> None:
    """A project stands in a program once, be it as a relisting."""
    here = program.placements.filter(project__uid=uid)
    if any(placement != but for placement in here):
        message = _("この個別事業は、選んだ事業推進計画にすでに掲載されています。")
        raise Invalid(message, field="slot")


def check_relisted(placement: Placement) -> None:
    if not placement.is_relisted:
        raise Invalid(_("ここは再掲ではありません。やめるときは、廃止してください。"))


def check_chosen(into: Sheet, taken: Sheet, choices: Mapping[str, Choice]) -> None:
    """Two projects become one only when every field in which they differ was decided."""
    if into["uid"] == taken["uid"]:
        raise Invalid(_("統合する相手は、別の個別事業を選んでください。"), field="other")
    for field in changed_fields(into, taken):
        if field not in choices:
            label = _(NAMED[field])
            raise Invalid(_("「%s」をどうするかを選んでください。") % label, field=field)


def check_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid(_("理由を入力してください。"), field="reason")


def _plan_of_one(plan: Plan, sheet: Sheet) -> dict[str, object]:
    placement = {"number": 1, "project": sheet.get("uid")}
    program = {"number": 1, "name": "-", "aim": "", "placements": [placement]}
    return {
        "plan": {**facts_of(plan), "philosophy": ""},
        "policies": [{"number": 1, "name": "-", "programs": [program]}],
        "projects": [sheet],
    }


def _field(found: Finding) -> str:
    """projects[0].actions[2].text → actions."""
    return found.path.removeprefix("projects[0]").lstrip(".").split("[")[0].split(".")[0]

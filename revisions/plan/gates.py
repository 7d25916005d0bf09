"""いつ: what of a plan may be changed, and what a sheet must be like."""

from django.utils.translation import gettext as _

from revisions.plan.consistency import Finding, check
from revisions.plan.models import Plan, Revision
from revisions.plan.queries import Sheet, fingerprint
from revisions.plan.states import OPEN_TO_CHANGE, RUNNING, Level, RevisionKind
from workflow.errors import Invalid, Stale, Unmet


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


def faults(plan: Plan, sheet: Sheet) -> list[tuple[str, str]]:
    """Return everything wrong with a sheet as (field, sentence)."""
    return [(_field(found), found.message) for found in check(_plan_of_one(plan, sheet))]


def check_unmoved(sheet: Sheet, seen: str | None) -> None:
    """Refuse an act on a page made from another wording of the sheet; None when no page was."""
    if seen is not None and seen != fingerprint(sheet):
        raise Stale


def check_changed(before: Sheet, after: Sheet) -> list[str]:
    """Return the fields in which two sheets differ; there must be one."""
    if changed := [field for field in after if after[field] != before[field]]:
        return changed
    raise Invalid(_("変更した項目がありません。"))


def check_empty(revision: Revision) -> None:
    if revision.policies.exists() or revision.projects.exists():
        raise Unmet(_("計画案に内容があるため、取り込めません。画面から修正してください。"))


def check_new_name(revision: Revision, name: str) -> None:
    if revision.projects.filter(name=name, is_discontinued=False).exists():
        message = _("同じ名称の個別事業が、計画案にすでにあります。")
        raise Invalid(message, field="name")


def check_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid(_("理由を入力してください。"), field="reason")


def _plan_of_one(plan: Plan, sheet: Sheet) -> dict[str, object]:
    placement = {"number": 1, "project": sheet.get("uid")}
    program = {"number": 1, "name": "-", "aim": "", "placements": [placement]}
    return {
        "plan": {
            "code": plan.code,
            "title": plan.title,
            "first_year": plan.first_year,
            "last_year": plan.last_year,
            "philosophy": "",
        },
        "policies": [{"number": 1, "name": "-", "programs": [program]}],
        "projects": [sheet],
    }


def _field(found: Finding) -> str:
    """projects[0].actions[2].text → actions."""
    return found.path.removeprefix("projects[0]").lstrip(".").split("[")[0].split(".")[0]

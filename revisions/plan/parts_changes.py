"""Every change of a revision's draft, written with the row that tells it (Change).

Usable only inside a command that holds the revision's lock. What they write goes through parts.py.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Max

from revisions.plan import parts, parts_place
from revisions.plan.content import Content, number_text, numbers
from revisions.plan.merging import changed_fields
from revisions.plan.models import Placement, PlanVersion, Program, Revision
from revisions.plan.models_changes import Change
from revisions.plan.queries import Sheet, place_of
from revisions.plan.states import ChangeKind, DropReason, Origin
from workflow.audit.models import Audited
from workflow.people.models import User

Fields = dict[str, Any]


@dataclass(frozen=True)
class Cause:
    """What a change came of, and who let it reach the draft.

    source    the row it came of, and `name` its name or number; None: the secretariat's own
    based_on  the version that whoever proposed it was shown; None: the draft itself
    """

    reason: str
    by: User
    at: datetime
    origin: Origin = Origin.SECRETARIAT
    source: Audited | None = None
    name: str = ""
    based_on: PlanVersion | None = None


def note(revision: Revision, kind: ChangeKind, cause: Cause, **what: Any) -> Change:
    """Write down a change that was made; `what` are columns of Change."""
    return note_all(revision, kind, cause, [what])[0]


def note_all(
    revision: Revision, kind: ChangeKind, cause: Cause, changes: Iterable[dict[str, Any]]
) -> list[Change]:
    """Write down changes of one kind and cause, in three statements."""
    return _write(revision, [_row(kind, cause, what) for what in changes])


def _row(kind: ChangeKind, cause: Cause, what: Fields) -> Fields:
    return what | {
        "kind": kind,
        "reason": cause.reason,
        "origin": cause.origin,
        "origin_key": cause.source.key if cause.source else "",
        "origin_name": cause.name,
        "based_on": cause.based_on,
        "by": cause.by,
        "at": cause.at,
    }


def _write(revision: Revision, rows: Iterable[Fields]) -> list[Change]:
    """Number changes in the revision and write them: columns of Change."""
    last = revision.changes.aggregate(last=Max("number"))["last"] or 0
    since = revision.versions.aggregate(last=Max("pk"))["last"]
    return Change.objects.bulk_create(
        Change(revision=revision, number=n, since_id=since, **row)
        for n, row in enumerate(rows, last + 1)
    )


@dataclass(frozen=True)
class Edit:
    """Fields of a sheet, to be `final` (修正); `decided` tells whose words were chosen."""

    uid: str
    before: Fields
    proposed: Fields
    final: Fields
    cause: Cause
    decided: Mapping[str, str] = field(default_factory=dict)


def edit(
    revision: Revision, draft: Sheet, *, before: Fields, proposed: Fields, cause: Cause
) -> Change:
    """Let fields of a sheet be as proposed (修正).

    draft  the sheet as it stands now
    """
    one = Edit(draft["uid"], before, proposed, final=proposed, cause=cause)
    return edit_all(revision, [one], {one.uid: draft})[0]


def edit_all(revision: Revision, edits: Sequence[Edit], draft: Mapping[str, Sheet]) -> list[Change]:
    """Let fields of many sheets be as each edit says, one after the other; a few statements.

    draft  uid → the sheet as it stands now
    """
    sheets: dict[str, Sheet] = {}
    for one in edits:
        sheets[one.uid] = sheets.get(one.uid, draft[one.uid]) | one.final
    if sheets:
        parts.apply_sheets(revision, sheets)
    return _write(revision, [_edited(one) for one in edits])


def _edited(one: Edit) -> Fields:
    what = {name: getattr(one, name) for name in ("uid", "before", "proposed", "final")}
    return _row(ChangeKind.EDIT, one.cause, what | {"decided": dict(one.decided)})


def leave(revision: Revision, kind: ChangeKind, uid: str, cause: Cause, **what: Any) -> Change:
    """Note that a change was proposed and the draft left as it is: that, too, was decided."""
    return note(revision, kind, cause, uid=uid, decided={"place": "draft"}, **what)


def discontinue(
    revision: Revision,
    sheet: Sheet,
    *,
    dropped_as: DropReason,
    decided: Mapping[str, str] | None = None,
    cause: Cause,
) -> Change:
    """Take a project out of the draft (廃止).

    sheet  as whoever proposed it saw it
    """
    uid = sheet["uid"]
    before = sheet | {"place": place_of(revision, uid)}
    parts.discontinue(revision, uid, dropped_as=dropped_as, because=cause.reason)
    why = {"as": str(dropped_as)}
    return note(
        revision,
        ChangeKind.DISCONTINUE,
        cause,
        uid=uid,
        before=before,
        proposed=why,
        final=why,
        decided=dict(decided or {}),
    )


def add_project(revision: Revision, sheet: Sheet, *, place: str, cause: Cause) -> Change:
    """Put a new project last in the program at `place` (新規掲載)."""
    uid = parts.add_project(revision, sheet, place=place)
    final = sheet | {"uid": uid, "place": place_of(revision, uid)}
    return note(revision, ChangeKind.ADD, cause, uid=uid, proposed=final, final=final)


def move(revision: Revision, place: str, program: Program, number: int, cause: Cause) -> Change:
    """Move what stands at `place` to another program (移動) or within its own (番号の変更)."""
    placement = parts_place.placement_at(revision, place)
    within = placement.program_id == program.pk
    parts_place.put(placement, program, number)
    final = _standing(placement)
    return note(
        revision,
        ChangeKind.RENUMBER if within else ChangeKind.MOVE,
        cause,
        uid=placement.project.uid,
        before=final | {"place": place},
        proposed=final,
        final=final,
    )


def relist(revision: Revision, uid: str, program: Program, number: int, cause: Cause) -> Change:
    """Show a project in another program, too (再掲)."""
    project = revision.projects.get(uid=uid, is_discontinued=False)
    placement = Placement(project=project, is_relisted=True)
    parts_place.put(placement, program, number)
    final = _standing(placement)
    return note(revision, ChangeKind.RELIST, cause, uid=uid, proposed=final, final=final)


def unlist(revision: Revision, place: str, cause: Cause) -> Change:
    """Show a project no longer at a place where it is relisted (再掲の取りやめ)."""
    placement = parts_place.placement_at(revision, place)
    before = _standing(placement)
    parts_place.take_out(placement)
    return note(revision, ChangeKind.UNLIST, cause, uid=placement.project.uid, before=before)


def merge(
    revision: Revision, into: Sheet, taken: Sheet, final: Fields, *, sides: Fields, cause: Cause
) -> tuple[Change, Change]:
    """Let two projects be one (統合); what becomes of both, each with the other's uid.

    into, taken  the sheet that stays and the one that goes into it
    final        what fields of the first become
    sides        field → whose words were chosen
    """
    before = {field: into[field] for field in final}
    gone = taken | {"place": place_of(revision, taken["uid"])}
    parts.apply_sheet(revision, into["uid"], into | final)
    parts.discontinue(revision, taken["uid"], dropped_as=DropReason.MERGED, because=cause.reason)
    told = {"before": before, "proposed": final, "final": final, "decided": sides}
    one = {"uid": into["uid"], "other": taken["uid"], **told}
    other = {"uid": taken["uid"], "other": into["uid"], "before": gone}
    first, second = note_all(revision, ChangeKind.MERGE, cause, [one, other])
    return first, second


def split(
    revision: Revision,
    before: Sheet,
    after: Sheet,
    new: Sheet,
    *,
    slot: tuple[Program, int],
    cause: Cause,
) -> tuple[Change, Change]:
    """Let one project be two (分割); what becomes of both, each with the other's uid.

    before, after  the sheet as it was and what stays of it
    new            what goes into a project of its own, which stands at `slot`
    """
    uid, fields = before["uid"], changed_fields(before, after)
    was, now = ({field: side[field] for field in fields} for side in (before, after))
    parts.apply_sheet(revision, uid, after)
    added = parts.add_sheet(revision, new)
    parts_place.put(Placement(project=revision.projects.get(uid=added)), *slot)
    fresh = new | {"uid": added, "place": place_of(revision, added)}
    one = {"uid": uid, "other": added, "before": was, "proposed": now, "final": now}
    other = {"uid": added, "other": uid, "proposed": fresh, "final": fresh}
    first, second = note_all(revision, ChangeKind.SPLIT, cause, [one, other])
    return first, second


def _standing(placement: Placement) -> Fields:
    """Return where a placement stands, as a change tells it."""
    program = placement.program
    place = number_text((program.policy.number, program.number, placement.number))
    return {"place": place} | ({"relisted": True} if placement.is_relisted else {})


def set_heading(
    revision: Revision, place: str, *, name: str, aim: str, seen: str | None, cause: Cause
) -> Change:
    """Change the words above the projects (見出しの修正), as parts.set_heading does."""
    was = parts.set_heading(revision, place, name=name, aim=aim, seen=seen)
    now = {"name": name, "aim": aim}
    return note(
        revision, ChangeKind.HEADING, cause, place=place, before=was, proposed=now, final=now
    )


def load(revision: Revision, content: Content, cause: Cause) -> None:
    """Fill an empty draft (取込み): every project is then a new one."""
    parts.load(revision, content)
    parts.load_dropped(revision, content.get("dropped", []))
    places = numbers(content)
    sheets = [sheet | {"place": places[sheet["uid"]]} for sheet in content["projects"]]
    added = [{"uid": sheet["uid"], "proposed": sheet, "final": sheet} for sheet in sheets]
    note_all(revision, ChangeKind.ADD, cause, added)

"""Whatever is answered and done meanwhile, in whatever order: the draft is the base with what is
on record, and nobody's words are lost."""

from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.queries import draft_sheets
from revisions.inquiry.queries_conflict import clashes_of
from revisions.models import Change, Revision
from revisions.plan import commands, commands_join, commands_place
from revisions.plan.consistency import check
from revisions.plan.merging import Choice, changed_fields
from revisions.plan.queries import content_of, places_of, sheet_of
from revisions.plan.states import DropReason
from tests.factories import NOON, user
from tests.revisions.drafts import demo_content, running_revision
from tests.revisions.inquiry.walk import (
    accept,
    answer,
    approve,
    current,
    issued,
    receive,
    submit,
    target_of,
    unchanged,
)
from tests.revisions.plan.fold import bare, folded
from workflow.audit.verify import verify

pytestmark = pytest.mark.django_db

LEADS = {"koho": "P06", "koseki": "P03", "toshokan": "P04", "kodomo": "P05"}
FIELDS = ["name", "overview", "aims", "actions"]
EDIT = st.sets(st.sampled_from(FIELDS), min_size=1)
ANSWER = st.tuples(st.sampled_from(["unchanged", "edit", "edit", "discontinue", "add"]), EDIT)
ACT = st.tuples(
    st.sampled_from(["edit", "edit", "discontinue", "merge", "split", "move", "relist"]),
    st.sampled_from(sorted(LEADS.values())),
    EDIT,
)
SIDES = st.lists(st.sampled_from(["draft", "answer", "own"]), min_size=1)
PLANS = count()


def renamed_plan() -> dict[str, Any]:
    content = demo_content()
    return content | {"plan": content["plan"] | {"code": f"plan-{next(PLANS)}"}}


def reworded(sheet: dict[str, Any], fields: set[str], word: str) -> dict[str, Any]:
    """Return the sheet with other words in the fields; of a table, one row more at its end."""
    row = {"text": word, "spans": [{"from": 2021, "to": 2021}]}
    told = {f: [*sheet[f], row] if f == "actions" else word for f in fields}
    return sheet | told


class Desk:
    """The secretariat, that acts on the draft between one acceptance and the next."""

    def __init__(self, revision: Revision) -> None:
        self.revision, self.words = revision, count(1)

    def act(self, what: str, uid: str, fields: set[str]) -> None:
        """Do what can be done: what is gone by now is left alone."""
        sheets = draft_sheets(self.revision)
        if uid in sheets:
            getattr(self, what)(uid, sheets, fields)

    def edit(self, uid: str, sheets: Any, fields: set[str]) -> None:
        sheet = reworded(sheets[uid], fields, self.word())
        self.do(commands.edit_sheet, uid=uid, sheet=sheet)

    def discontinue(self, uid: str, sheets: Any, _fields: set[str]) -> None:
        self.do(commands.discontinue_project, uid=uid, dropped_as=DropReason.ABOLISHED)

    def merge(self, uid: str, sheets: Any, _fields: set[str]) -> None:
        other = next(u for u in sheets if u != uid)
        fields = changed_fields(sheets[uid], sheets[other])
        choices = {f: Choice("taken" if f == "aims" else "into") for f in fields}
        self.do(commands_join.merge_projects, uid=uid, other=other, choices=choices)

    def split(self, uid: str, sheets: Any, fields: set[str]) -> None:
        stays = reworded(sheets[uid], fields, self.word())
        new = sheets[uid] | {"name": self.word()}
        self.do(commands_join.split_project, uid=uid, sheet=stays, new=new, slot=("1-2", 1))

    def move(self, uid: str, _sheets: Any, _fields: set[str]) -> None:
        places = places_of(self.revision)
        place = next(p for p, there in places.items() if there == uid)
        here = place.rpartition("-")[0]
        slot = next(s for s in (("1-1", 1), ("1-3", 1)) if s[0] != here)
        if uid not in [u for p, u in places.items() if p.startswith(f"{slot[0]}-(")]:
            self.do(commands_place.move_project, uid=uid, place=place, slot=slot)

    def relist(self, uid: str, _sheets: Any, _fields: set[str]) -> None:
        places = places_of(self.revision)
        if uid not in [u for p, u in places.items() if p.startswith("2-1-(")]:
            self.do(commands_place.relist_project, uid=uid, slot=("2-1", 1))

    def decide(self, target: InquiryTarget, sides: list[str]) -> dict[str, dict[str, Choice]]:
        """Choose for every clash, one side after the other."""
        clashes = clashes_of(draft_sheets(self.revision), target.answers.all())
        return {
            clash.answer.uid: {
                field: self.choice(field, clash.draft, sides[n % len(sides)])
                for n, field in enumerate(clash.fields)
            }
            for clash in clashes
        }

    def choice(self, field: str, draft: Any, side: str) -> Choice:
        if draft is None:
            return Choice("draft")
        if side != "own":
            return Choice(side)
        if field == "place" or "/" in field:
            return Choice("answer")
        return Choice("own", [] if field == "actions" else self.word())

    def word(self) -> str:
        return f"事務局の言葉{next(self.words)}"

    def do(self, command: Any, **words: Any) -> None:
        command(
            revision_id=self.revision.pk, reason="整理", by=user("joho-tanto"), at=NOON, **words
        )


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    order=st.permutations(sorted(LEADS)),
    answers=st.fixed_dictionaries(dict.fromkeys(LEADS, ANSWER)),
    acts=st.lists(ACT, max_size=6),
    sides=SIDES,
)
def test_the_draft_is_the_base_with_what_is_on_record(city, order, answers, acts, sides):
    revision = running_revision(content=renamed_plan())
    before = content_of(revision)
    inquiry, desk = issued(*LEADS, revision=revision), Desk(revision)
    for code in order:
        answered(revision, target_of(inquiry, code), code, *answers[code])
    for code in order:
        if acts:
            desk.act(*acts.pop())
        found = current(target_of(inquiry, code))
        accept(found, decided=desk.decide(found, sides))
    for act in acts:
        desk.act(*act)
    changes = list(revision.changes.all())
    content = content_of(revision)
    assert folded(before, changes) == bare(content)
    assert check(bare(content)) == []
    nothing_is_lost(before, content, changes)
    answers_are_on_record(inquiry, changes)
    assert verify().findings == []


def answered(revision: Revision, target: InquiryTarget, code: str, kind: str, fields: Any) -> None:
    """The section answers for the sheet that it leads; the rest is unchanged."""
    uid, by = LEADS[code], f"{code}-tanto"
    receive(target, by=by)
    words: dict[str, Any] = {"uid": uid, "kind": kind}
    if kind == "edit":
        words["sheet"] = reworded(sheet_of(revision, uid), fields, f"{code}の言葉")
    if kind == "add":
        new = sheet_of(revision, uid) | {"name": f"{code}の事業"}
        words |= {"uid": "", "sheet": new, "place": "1-1"}
    answer(target, by=by, **words)
    unchanged(target, by=by)
    submit(target, by=by)
    approve(target, by=f"{code}-kacho")


def nothing_is_lost(before: Any, content: Any, changes: list[Change]) -> None:
    """Every field that is not as it was has its text from the last change that touched it."""
    was = {sheet["uid"]: sheet for sheet in before["projects"]}
    last = {(c.uid, field): c.final[field] for c in changes for field in c.final}
    for sheet in content["projects"]:
        for field, value in sheet.items():
            told = last.get((sheet["uid"], field), was.get(sheet["uid"], {}).get(field))
            assert value == told, (sheet["uid"], field)


def answers_are_on_record(inquiry: Any, changes: list[Change]) -> None:
    """Every answer that would change something is a change, with what was proposed."""
    for target in inquiry.targets.all():
        own = [change for change in changes if change.origin_key == target.key]
        for row in target.answers.exclude(kind="unchanged"):
            if row.kind == "edit":
                (change,) = [c for c in own if c.uid == row.uid and c.kind == "edit"]
                fields = changed_fields(row.before, row.proposed)
                assert change.proposed == {field: row.proposed[field] for field in fields}
            elif row.kind == "add":
                assert [c.kind for c in own] == ["add"]

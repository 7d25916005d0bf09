"""2020–21: how the plan came about, replayed through the commands on the days it happened.

Dates and outcomes: 部長会議付議事案書（令和3年2月2日）の経過・今後の進め方. Where the source gives
the month only, the stage is planned to the month and the day of the act is an example.
"""

from dataclasses import dataclass
from datetime import date

from revisions.cycle import commands as cycle
from revisions.cycle import commands_adoption as adoptions
from revisions.demo.answers import (
    answer_all,
    councillors_opinions,
    outline,
    public_comment,
    remark_on,
)
from revisions.demo.script import SECRETARY, hold, lay_out, propose, sign_all, stage_of, when, who
from revisions.plan.commands import import_draft
from revisions.plan.models import Plan, Revision
from workflow.path.states import Outcome, Precision

TITLE = "はだのICT活用推進計画の策定"
DECIDERS = [
    "joho-kacho",
    "bunsho-kacho+gyosei-keiei-kacho",
    "somu-bucho",
    "fuku-shicho-a",
    "shicho",
]


@dataclass(frozen=True)
class Dated:
    """A stage's days as they were; `to` is the last."""

    name: str
    on: date
    to: date | None = None
    precision: Precision = Precision.DAY


DAYS = [
    Dated("第1回情報化推進委員会", date(2020, 10, 22)),
    Dated("第1回庁内照会", date(2020, 10, 23), date(2020, 11, 9)),
    Dated("第1回幹事会", date(2020, 10, 27)),
    Dated("第2回本部会", date(2020, 11, 5)),
    Dated("第2回庁内照会", date(2020, 12, 10), date(2020, 12, 21)),
    Dated("第2回情報化推進委員会", date(2020, 12, 17)),
    Dated("第2回幹事会", date(2020, 12, 23)),
    Dated("第3回本部会", date(2021, 1, 12)),
    Dated("部長会議", date(2021, 2, 2)),
    Dated("議員連絡会", date(2021, 2, 16)),
    Dated("パブリックコメント", date(2021, 2, 17), date(2021, 3, 18)),
    Dated("第3回情報化推進委員会", date(2021, 4, 1), date(2021, 4, 30), Precision.MONTH),
    Dated("第4回本部会", date(2021, 4, 1), date(2021, 4, 30), Precision.MONTH),
    Dated("策定", date(2021, 5, 1), date(2021, 5, 31), Precision.MONTH),
]
"""The days of the stages, but of the first: the route lays it on its day."""


def make_plan(plan: Plan) -> Revision:
    """Replay the whole history; return the revision, adopted."""
    revision = cycle.start_revision(
        plan_id=plan.pk,
        kind="new_plan",
        route="hadano_2020",
        title=TITLE,
        starts_on=date(2020, 5, 11),
        by=who(SECRETARY),
        at=when(date(2020, 5, 11)),
    )
    _lay_out(revision)
    _policy(revision)
    _outline(revision)
    _draft(revision)
    _consult_the_public(revision)
    _adopt(revision)
    return Revision.objects.get(pk=revision.pk)


def _lay_out(revision: Revision) -> None:
    rows = [(days.name, days.on, days.to or days.on, days.precision) for days in DAYS]
    lay_out(revision, rows, when(date(2020, 5, 11), 11))


def _policy(revision: Revision) -> None:
    hold(
        stage_of(revision, "第1回本部会"),
        date(2020, 5, 25),
        agenda="次期計画の策定方針について",
        called_on=date(2020, 5, 18),
        outcome=Outcome.AGREED,
        minutes_text="次期計画の名称、期間、進め方を協議し、事務局の案のとおり進めることとした。",
    )


def _outline(revision: Revision) -> None:
    """総括・骨子案."""
    import_draft(
        revision_id=revision.pk,
        content=outline(),
        reason="各課への聞き取りを基に、骨子案と掲載候補の事業を取り込む。",
        by=who(SECRETARY),
        at=when(date(2020, 10, 9)),
    )
    hold(
        stage_of(revision, "第1回情報化推進委員会"),
        date(2020, 10, 22),
        agenda="現計画の総括と骨子案について",
        called_on=date(2020, 10, 12),
        outcome=Outcome.HEARD,
        minutes_text="現計画の総括と骨子案を説明し、各委員から意見を聴いた。",
        absent=["iin-7"],
    )
    finish_inquiry = answer_all(
        stage_of(revision, "第1回庁内照会"),
        title="計画に掲載する事業について（照会）",
        issued_on=date(2020, 10, 23),
        due_on=date(2020, 11, 9),
    )
    hold(
        stage_of(revision, "第1回幹事会"),
        date(2020, 10, 27),
        agenda="現計画の総括と骨子案について",
        called_on=date(2020, 10, 20),
        outcome=Outcome.AGREED,
        minutes_text="骨子案を協議し、照会の回答を待って素案に進むこととした。",
        reason="照会の回答期間中に、各部の庶務担当課長へ骨子案を先に諮るため。",
    )
    hold(
        stage_of(revision, "第2回本部会"),
        date(2020, 11, 5),
        agenda="現計画の総括と骨子案について",
        called_on=date(2020, 10, 29),
        outcome=Outcome.AGREED,
        minutes_text="骨子案を協議し、了承した。",
    )
    finish_inquiry()


def _draft(revision: Revision) -> None:
    """素案."""
    finish_inquiry = remark_on(
        stage_of(revision, "第2回庁内照会"),
        title="計画素案について（意見照会）",
        issued_on=date(2020, 12, 10),
        due_on=date(2020, 12, 21),
    )
    hold(
        stage_of(revision, "第2回情報化推進委員会"),
        date(2020, 12, 17),
        agenda="計画素案について",
        called_on=date(2020, 12, 7),
        outcome=Outcome.HEARD,
        minutes_text="計画素案を説明し、各委員から意見を聴いた。",
        reason="委員の日程により、庁内の意見照会と並行して開くため。",
    )
    finish_inquiry()
    for name, day, called_on in [
        ("第2回幹事会", date(2020, 12, 23), date(2020, 12, 16)),
        ("第3回本部会", date(2021, 1, 12), date(2021, 1, 5)),
        ("部長会議", date(2021, 2, 2), date(2021, 1, 26)),
    ]:
        hold(
            stage_of(revision, name),
            day,
            agenda="計画素案について",
            called_on=called_on,
            outcome=Outcome.REPORTED if name == "部長会議" else Outcome.AGREED,
            minutes_text="計画素案を説明し、意見はなかった。",
        )


def _consult_the_public(revision: Revision) -> None:
    by, briefing = who(SECRETARY), stage_of(revision, "議員連絡会")
    cycle.open_stage(stage_id=briefing.pk, by=by, at=when(date(2021, 2, 16)))
    finish_comment = public_comment(
        stage_of(revision, "パブリックコメント"),
        first_on=date(2021, 2, 17),
        last_on=date(2021, 3, 18),
        reason="議員への意見聴取（3月25日まで）と並行して、市民の意見を募集するため。",
    )
    councillors_opinions(briefing, date(2021, 3, 25))
    cycle.conclude_stage(
        stage_id=briefing.pk, outcome=Outcome.REPORTED, by=by, at=when(date(2021, 3, 26))
    )
    finish_comment(date(2021, 4, 5))


def _adopt(revision: Revision) -> None:
    for name, day, called_on, outcome, text in [
        (
            "第3回情報化推進委員会",
            date(2021, 4, 14),
            date(2021, 4, 6),
            Outcome.HEARD,
            "パブリックコメントの結果と計画案を説明し、各委員から意見を聴いた。",
        ),
        (
            "第4回本部会",
            date(2021, 4, 26),
            date(2021, 4, 19),
            Outcome.APPROVED,
            "計画案を協議し、承認した。",
        ),
    ]:
        hold(
            stage_of(revision, name),
            day,
            agenda="計画案について",
            called_on=called_on,
            outcome=outcome,
            minutes_text=text,
        )
    by, adoption = who(SECRETARY), stage_of(revision, "策定")
    cycle.open_stage(stage_id=adoption.pk, by=by, at=when(date(2021, 5, 6)))
    request = propose(
        adoption,
        title="はだのICT活用推進計画の策定について（伺い）",
        text="本部会の承認を受けた計画案のとおり、計画を策定してよいか伺います。",
        line=DECIDERS,
        at=when(date(2021, 5, 6), 13),
    )
    sign_all(request, when(date(2021, 5, 13)))
    adoptions.adopt(stage_id=adoption.pk, by=by, at=when(date(2021, 5, 14)))

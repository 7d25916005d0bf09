"""経路: the templates that a case copies when it starts. Data: a line is a stage.

Each stage follows the one on the line above. Sources: 改定の標準の流れ; hadano_2020 is the path
a city took in 2020 and 2021 (部長会議付議事案書 令和3年2月2日, 経過・今後の進め方).
"""

from dataclasses import dataclass

from workflow.path.states import Asks as A
from workflow.path.states import StageKind as K


@dataclass(frozen=True)
class Leg:
    """One stage of a route.

    body    code of the body (会議体) that meets, or empty
    lead    working days that pass between the stage before and this one
    length  working days it takes, 1 or more
    """

    round: str
    kind: K
    asks: A
    body: str
    name: str
    lead: int
    length: int


@dataclass(frozen=True)
class Route:
    code: str
    name: str
    legs: tuple[Leg, ...]


STANDARD = Route(
    "standard",
    "標準（策定）",
    (
        Leg("素案", K.INQUIRY, A.ANSWERS, "", "庁内照会", 0, 10),
        Leg("素案", K.MEETING, A.CONSULTATION, "kanjikai", "幹事会", 5, 1),
        Leg("素案", K.MEETING, A.CONSULTATION, "honbukai", "本部会", 10, 1),
        Leg("素案", K.MEETING, A.HEARING, "iinkai", "情報化推進委員会", 10, 1),
        Leg("素案", K.PUBLIC_COMMENT, A.COMMENTS, "", "パブリックコメント", 15, 20),
        Leg("計画案", K.ADOPTION, A.DECISION, "", "策定", 20, 5),
    ),
)

ANNUAL_REVIEW = Route(
    "annual_review",
    "毎年度見直し",
    (
        Leg("見直し", K.INQUIRY, A.ANSWERS, "", "庁内照会", 0, 10),
        Leg("見直し", K.MEETING, A.CONSULTATION, "kanjikai", "幹事会", 5, 1),
        Leg("見直し", K.MEETING, A.APPROVAL, "honbukai", "本部会", 10, 1),
        Leg("見直し", K.ADOPTION, A.DECISION, "", "策定", 5, 5),
    ),
)

MIDTERM_REVIEW = Route(
    "midterm_review",
    "中間見直し",
    (
        Leg("見直し方針", K.MEETING, A.CONSULTATION, "honbukai", "第1回本部会", 5, 1),
        Leg("見直し案", K.INQUIRY, A.ANSWERS, "", "庁内照会", 5, 10),
        Leg("見直し案", K.MEETING, A.CONSULTATION, "kanjikai", "幹事会", 5, 1),
        Leg("見直し案", K.MEETING, A.CONSULTATION, "honbukai", "第2回本部会", 10, 1),
        Leg("見直し案", K.MEETING, A.HEARING, "iinkai", "情報化推進委員会", 10, 1),
        Leg("見直し案", K.PUBLIC_COMMENT, A.COMMENTS, "", "パブリックコメント", 15, 20),
        Leg("計画案", K.MEETING, A.APPROVAL, "honbukai", "第3回本部会", 20, 1),
        Leg("計画案", K.ADOPTION, A.DECISION, "", "策定", 10, 5),
    ),
)

HADANO_2020 = Route(
    "hadano_2020",
    "策定（2020年度の実例）",
    (
        Leg("策定方針", K.MEETING, A.CONSULTATION, "honbukai", "第1回本部会", 10, 1),
        Leg("総括・骨子案", K.MEETING, A.HEARING, "iinkai", "第1回情報化推進委員会", 100, 1),
        Leg("総括・骨子案", K.INQUIRY, A.ANSWERS, "", "第1回庁内照会", 0, 11),
        Leg("総括・骨子案", K.MEETING, A.CONSULTATION, "kanjikai", "第1回幹事会", 2, 1),
        Leg("総括・骨子案", K.MEETING, A.CONSULTATION, "honbukai", "第2回本部会", 5, 1),
        Leg("素案", K.INQUIRY, A.ANSWERS, "", "第2回庁内照会", 20, 8),
        Leg("素案", K.MEETING, A.HEARING, "iinkai", "第2回情報化推進委員会", 2, 1),
        Leg("素案", K.MEETING, A.CONSULTATION, "kanjikai", "第2回幹事会", 3, 1),
        Leg("素案", K.MEETING, A.CONSULTATION, "honbukai", "第3回本部会", 8, 1),
        Leg("素案", K.REPORT, A.REPORT, "bucho-kaigi", "部長会議", 14, 1),
        Leg("素案", K.REPORT, A.REPORT_AND_HEARING, "giin-renraku", "議員連絡会", 8, 1),
        Leg("素案", K.PUBLIC_COMMENT, A.COMMENTS, "", "パブリックコメント", 0, 20),
        Leg("計画案", K.MEETING, A.HEARING, "iinkai", "第3回情報化推進委員会", 15, 1),
        Leg("計画案", K.MEETING, A.APPROVAL, "honbukai", "第4回本部会", 5, 1),
        Leg("計画案", K.ADOPTION, A.DECISION, "", "策定", 15, 1),
    ),
)

ROUTES = {route.code: route for route in (STANDARD, ANNUAL_REVIEW, MIDTERM_REVIEW, HADANO_2020)}

"""経路を敷く: places become posts, seen from the drafter's post on a day."""

from datetime import date
from typing import Any

import pytest

from tests.counting import at_most
from tests.factories import TODAY, post, user
from tests.workflow.authority.tables import CHIEF, DEMO, OLD, adopt, written
from workflow.authority.changes import Change, changed, check_keeps, extended, left_out
from workflow.authority.laying import Laid, route
from workflow.authority.line import Line, Turn
from workflow.authority.preview import preview
from workflow.authority.queries import table_on
from workflow.authority.resolve import Facts
from workflow.authority.states import StepRole
from workflow.errors import Invalid, Unmet
from workflow.models import Absence, Appointment, Department, Post, Seat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

PROPOSAL = "revision.proposal"


def laid(matter: str, *flags: str, by: str = "joho-tanto", on: date = TODAY, **more: Any) -> Laid:
    found = route(Facts(matter, frozenset(flags), **more), drafter=post(by), on=on)
    assert found
    return found


def told(line: Line) -> str:
    """1 joho-kacho / 2 bunsho-kacho+… : who signs, in order; (…) is informed."""
    words: dict[int, list[str]] = {}
    for turn in line:
        code = turn.post.code + (f"*{turn.needed}" if turn.needed else "")
        words.setdefault(turn.order, []).append(
            f"({code})" if turn.role == StepRole.INFORMED else code
        )
    assert list(words) == list(range(1, len(words) + 1))
    return " / ".join("+".join(codes) for codes in words.values())


def ruled(
    *steps: tuple[str, str] | tuple[str, str, int], by: str = "joho-tanto", **more: Any
) -> str:
    """Who signs by one rule of these places, 丁 課長専決 if it says no decider."""
    rows = [dict(zip(("role", "who", "needed"), step, strict=False)) for step in steps]
    if "decider" not in [row["role"] for row in rows]:
        rows.append(CHIEF)
    adopt(written({"steps": rows}, **more))
    return told(laid("test.plain", by=by).line)


BOSSES = "joho-kacho / bunsho-kacho+gyosei-keiei-kacho / somu-bucho / fuku-shicho-a / shicho"


@pytest.mark.parametrize(
    "facts, tier, line",
    [
        ({}, "丙 部長専決", "joho-kacho / bunsho-kacho / somu-bucho"),
        (
            {"scope": "several_departments"},
            "丙 部長専決",
            "joho-kacho / bunsho-kacho+gyosei-keiei-kacho / somu-bucho",
        ),
        (
            {"amount": 5_000_000},
            "乙 副市長専決",
            "joho-kacho / bunsho-kacho+zaisan-kacho / somu-bucho / fuku-shicho-a",
        ),
        ({"matter": f"{PROPOSAL}:adoption"}, "甲 市長決裁", BOSSES),
        ({"flags": ["disputed"]}, "甲 市長決裁", BOSSES),
        ({"matter": "inquiry.answer"}, "丁 課長専決", "joho-kacho"),
        (
            {"matter": "inquiry.answer", "flags": ["important"]},
            "丙 部長専決",
            "joho-kacho / somu-bucho",
        ),
        (
            {"matter": "contract.consignment", "amount": 1},
            "丁 課長専決",
            "joho-kacho / (zaisan-kacho)",
        ),
    ],
)
def test_the_demo_city(facts: dict[str, Any], tier: str, line: str) -> None:
    adopt(DEMO)
    asked = {"matter": PROPOSAL} | facts
    found = laid(asked.pop("matter"), *asked.pop("flags", []), **asked)
    assert (found.tier.name, told(found.line)) == (tier, line)
    assert found.basis.startswith("見本市事務決裁規程（令和7年見本市訓令第2号）")


def test_without_a_rule_for_the_matter_nothing_is_laid() -> None:
    facts = Facts("meeting.minutes")
    assert route(facts, drafter=post("joho-tanto"), on=TODAY) is None
    adopt(DEMO)
    assert route(facts, drafter=post("joho-tanto"), on=TODAY) is None
    assert route(Facts(PROPOSAL), drafter=post("joho-tanto"), on=date(2025, 3, 31)) is None


def test_no_rule_that_fits_is_a_refusal_that_names_the_articles() -> None:
    adopt(written({"amount_to": "5万円", "article": "第7条"}))
    with pytest.raises(Unmet, match="どの区分にも当たりません。") as refusal:
        laid("test.plain", "unusual", amount=50_000)
    assert [m.what for m in refusal.value.missing] == [
        "第7条は、重要・異例などの別、金額が合いません。"
    ]


@pytest.mark.parametrize(
    "by, tier, line",
    [
        ("joho-tanto", "丁 課長専決", "joho-kacho"),
        ("joho-kacho", "丙 部長専決", "somu-bucho"),
        ("somu-bucho", "乙 副市長専決", "fuku-shicho-a"),  # has no section: no chief either
        ("fuku-shicho-a", "甲 市長決裁", "shicho"),
    ],
)
def test_nobody_decides_their_own_draft(by: str, tier: str, line: str) -> None:
    adopt(DEMO)
    found = laid("inquiry.answer", by=by)
    assert (found.tier.name, told(found.line)) == (tier, line)
    raised = f"（起案者が決裁者に当たるため、上位の「{tier}」による）"
    assert found.basis.endswith(raised) == (by != "joho-tanto")
    assert found.about(Facts("inquiry.answer")).tier == tier


def test_above_the_mayor_is_nobody() -> None:
    adopt(DEMO)
    with pytest.raises(Unmet, match=r"別表第2の2.*起案者のほかに決裁者がいません"):
        laid("inquiry.answer", by="shicho")


def test_places() -> None:
    line = ruled(
        ("line", "own:coordinating_chief"),
        ("concurrence", "section:zaisan:chief"),
        ("concurrence", "post:jinji-kacho"),
        ("line", "own:department_director"),
        ("decider", "post:shicho"),
        ("informed", "own:section"),
        ("informed", "section:koho"),
    )
    assert line == (
        "bunsho-kacho / zaisan-kacho+jinji-kacho / somu-bucho / shicho"
        " / (joho-kacho)+(koho-kacho)+(koho-tanto)"
    )


def test_who_stands_twice_signs_once_in_the_higher_place() -> None:
    line = ruled(
        ("line", "own:section_chief"),
        ("line", "own:coordinating_chief"),
        ("concurrence", "section:bunsho:chief"),
        ("concurrence", "post:somu-bucho"),
        ("decider", "own:department_director"),
        ("informed", "post:bunsho-kacho"),
        tiers=[{"name": "丁 課長専決", "who": "own:department_director"}],
    )
    assert line == "joho-kacho / bunsho-kacho / somu-bucho"


def test_a_body_signs_together_and_who_signs_alone_is_not_one_of_many() -> None:
    members = list(
        Seat.objects.on(TODAY).filter(body__code="kanjikai").values_list("post__code", flat=True)
    )
    assert "joho-kacho" in members or "bunsho-kacho" in members
    line = ruled(
        ("line", "own:section_chief"),
        ("concurrence", "section:bunsho:chief"),
        ("concurrence", "body:kanjikai", 2),
        ("decider", "post:shicho"),
    )
    alone, beside, together, decider = line.split(" / ")
    assert (alone, beside, decider) == ("joho-kacho", "bunsho-kacho", "shicho")
    rest = {f"{code}*2" for code in members} - {"joho-kacho*2", "bunsho-kacho*2", "joho-tanto*2"}
    assert set(together.split("+")) == rest


def test_statements_do_not_grow_with_the_steps() -> None:
    adopt(written({"steps": [CHIEF]}))
    drafter = post("joho-tanto")
    with at_most(5):
        route(Facts("test.plain"), drafter=drafter, on=TODAY)
    chiefs = Post.objects.filter(rank="section_chief").values_list("code", flat=True)
    many = [{"role": "line", "who": f"post:{code}"} for code in chiefs]
    adopt(written({"steps": [*many, CHIEF]}, since="2026-05-01"))
    with at_most(5):
        found = route(Facts("test.plain"), drafter=drafter, on=TODAY)
    assert found
    assert len(found.line) == len(many)
    with at_most(2):
        preview(found.line, TODAY)


def test_a_vacant_post_keeps_its_place_and_the_preview_follows_the_day() -> None:
    adopt(DEMO)
    chief = Appointment.objects.get(post__code="joho-kacho")
    chief.until = date(2026, 11, 30)
    chief.save()
    Absence.objects.create(post=post("somu-bucho"), since=TODAY, until=TODAY, reason="出張")
    line = laid(PROPOSAL).line
    today = {row.post.code: row for row in preview(line, TODAY, laid=[post("joho-kacho")])}
    assert today["joho-kacho"].holders == [user("joho-kacho").name]
    assert (today["joho-kacho"].is_laid, today["bunsho-kacho"].is_laid) == (True, False)
    assert (today["somu-bucho"].is_absent, today["joho-kacho"].is_vacant) == (True, False)
    assert [row.role_name for row in today.values()] == ["回議", "合議", "決裁"]
    later = {row.post.code: row for row in preview(line, date(2026, 12, 1))}
    assert (later["joho-kacho"].is_vacant, later["somu-bucho"].is_absent) == (True, False)


# what the drafter changes


def change(line: Line, **more: list[str]) -> str:
    posts = {p.pk: p for p in Post.objects.all()}
    return told(
        changed(line, Change(**{k: [post(c).pk for c in v] for k, v in more.items()}), posts)
    )


def test_a_drafter_lengthens_and_shortens_but_the_decider_stays() -> None:
    adopt(DEMO)
    line = laid(PROPOSAL).line
    assert change(line) == "joho-kacho / bunsho-kacho / somu-bucho"
    asked = {"concurrences": ["koho-kacho", "bunsho-kacho", "jinji-kacho"]}
    informed = {"informed": ["koho-kacho", "shicho", "koho-tanto"]}
    assert change(line, **asked, **informed) == (
        "joho-kacho / bunsho-kacho / koho-kacho+jinji-kacho / somu-bucho / (shicho)+(koho-tanto)"
    )
    assert change(line, dropped=["bunsho-kacho", "somu-bucho"]) == "joho-kacho / somu-bucho"


def turns(*signers: tuple[str, str]) -> Line:
    return [Turn(n, StepRole(role), post(code)) for n, (role, code) in enumerate(signers, 1)]


RULED = [("line", "joho-kacho"), ("concurrence", "bunsho-kacho"), ("decider", "somu-bucho")]
HIGHER = [*RULED[:2], ("line", "somu-bucho"), ("decider", "shicho")]


@pytest.mark.parametrize(
    "signers, reason, field",
    [
        (RULED, "", ""),
        (HIGHER, "", ""),
        ([("line", "bunsho-kacho"), ("line", "joho-kacho"), RULED[2]], "", ""),
        (RULED[1:], "", "deviation"),
        (RULED[1:], "課長は本件に関わらないため", ""),
        ([("informed", "joho-kacho"), *RULED[1:]], " ", "deviation"),
        ([*RULED[:2], ("decider", "shicho")], "急ぐため", "steps"),
        ([*RULED[:2], ("line", "somu-bucho"), ("decider", "koho-kacho")], "急ぐため", "steps"),
        ([*RULED[:2], ("line", "somu-bucho"), ("decider", "fukushi-bucho")], "急ぐため", "steps"),
    ],
)
def test_below_the_rule_only_with_a_reason(
    signers: list[tuple[str, str]], reason: str, field: str
) -> None:
    adopt(DEMO)
    rule = laid(PROPOSAL)
    if field:
        with pytest.raises(Invalid) as refusal:
            check_keeps(rule, turns(*signers), reason)
        assert refusal.value.field == field
    else:
        assert check_keeps(rule, turns(*signers), reason) == left_out(rule, turns(*signers))


def test_tables_in_force() -> None:
    assert table_on(TODAY) is None
    adopt(OLD)
    adopt(DEMO)
    named = {day: table_on(day) for day in (date(2016, 3, 31), date(2025, 3, 31), date(2025, 4, 1))}
    assert [t and t.since.year for t in named.values()] == [None, 2016, 2025]
    adopt(written({}, since="2026-11-01", until="2026-11-30"))
    assert [t and t.since.year for t in (table_on(TODAY), table_on(date(2026, 12, 1)))] == [
        2026,
        2025,
    ]


def test_a_line_of_before_is_kept_beside_what_a_rule_lays_today() -> None:
    adopt(written({"steps": [{"role": "line", "who": "post:somu-bucho"}, CHIEF]}))
    before = [
        Turn(1, StepRole.LINE, post("seisaku-bucho")),
        *(
            Turn(2, StepRole.CONCURRENCE, post(code), 2)
            for code in ("koho-kacho", "jinji-kacho", "somu-bucho")
        ),
        Turn(3, StepRole.CONCURRENCE, post("zaisan-kacho")),
        Turn(4, StepRole.DECIDER, post("shicho")),
        Turn(5, StepRole.INFORMED, post("fukushi-bucho")),
    ]
    today = laid("test.plain")
    assert told(extended(today, before)) == (
        "somu-bucho / seisaku-bucho / koho-kacho*2+jinji-kacho*2 / zaisan-kacho"
        " / joho-kacho / (fukushi-bucho)"
    )
    alone = extended(today, before[1:4], but=[post("koho-kacho")])
    assert told(alone) == "somu-bucho / jinji-kacho*1 / joho-kacho"
    assert told(extended(today, today.line)) == told(today.line)


EDUCATION = "教育委員会"


def serves(code: str, organ: str = EDUCATION) -> None:
    Department.objects.filter(sections__code=code).update(organ=organ)


def test_a_department_goes_by_the_table_of_the_organ_it_serves() -> None:
    serves("koho")
    adopt(written({"tier": "乙 副市長専決", "steps": [{**CHIEF, "who": "post:fuku-shicho-a"}]}))
    own = written({}, organ=EDUCATION, since=date(2026, 10, 1), name="教育委員会の規程")
    adopt(own)
    assert laid("test.plain").decider == post("fuku-shicho-a")
    of_education = laid("test.plain", by="koho-tanto")
    assert (of_education.decider, of_education.table.organ) == (post("koho-kacho"), EDUCATION)
    before = laid("test.plain", by="koho-tanto", on=date(2026, 9, 30))
    assert before.decider == post("fuku-shicho-a")  # until it has a table, the city's
    assert laid("test.plain", by="somu-bucho").table.organ == ""  # a post of a department
    serves("joho")
    assert laid("test.plain", by="somu-bucho").table.organ == EDUCATION
    mayors = table_on(TODAY, post("shicho"))
    assert mayors
    assert mayors.organ == ""


def test_a_matter_that_the_organs_table_does_not_name_is_laid_by_hand() -> None:
    serves("koho")
    adopt(written({}))
    adopt(written({"matter": "test.other"}, organ=EDUCATION))
    assert route(Facts("test.plain"), drafter=post("koho-tanto"), on=TODAY) is None


def test_the_table_costs_one_statement() -> None:
    serves("koho")
    adopt(written({}, organ=EDUCATION))
    drafter = Post.objects.select_related("section").get(code="koho-tanto")
    with at_most(1):
        assert table_on(TODAY, drafter)

import re

import pytest

from notifications.catalog import CATALOG, left_words, notice_of
from notifications.urgency import ELSEWHERE, URGENT, is_urgent, topic_of
from workflow.models import OutboxEvent

FACTS = {"title": "情報化推進計画", "due_on": "2026-12-04", "days_left": 3}


def notice(kind="stage.opened", **facts):
    return notice_of(OutboxEvent(kind=kind, facts=facts))


@pytest.mark.parametrize("kind", [*CATALOG, "something.nobody_knows"])
@pytest.mark.parametrize("facts", [{}, FACTS])
def test_every_kind_says_what_happened_and_what_to_do(kind, facts):
    told = notice(kind, **facts)
    assert told.happened
    assert told.act.endswith("。")
    assert "%" not in told.subject


def test_what_is_known_is_told_in_the_words_of_the_office():
    told = notice("deadline.reminded", **FACTS, reason="年度末のため", secret="氏名")
    assert told.subject == "期限が近づいています（あと3開庁日）：情報化推進計画"
    assert told.facts == (("期限", "令和8年12月4日(金)"), ("理由", "年度末のため"))


def moved(*rows):
    return [dict(zip(("name", "before", "after"), row, strict=True)) for row in rows]


@pytest.mark.parametrize(
    "row, words",
    [
        (
            ("幹事会", "2026-12-17～2026-12-17", "2027-01-20～2027-01-20"),
            "「幹事会」令和8年12月17日(木) → 令和9年1月20日(水)",
        ),
        (
            ("庁内照会", "2026-12-01～2026-12-14", "2026-12-24～2027-01-08"),
            "「庁内照会」令和8年12月1日(火)～12月14日(月) → 令和8年12月24日(木)～令和9年1月8日(金)",
        ),
        (("策定", "", "2027-05～2027-05"), "「策定」未定 → 令和9年5月"),
        (
            ("策定", "2027-03～2027-04", "2027-05-31～2027-05-31"),
            "「策定」令和9年3月～4月 → 令和9年5月31日(月)",
        ),
    ],
)
def test_new_days_are_told_beside_the_old_ones(row, words):
    assert notice("revision.scheduled", new_days=moved(row)).facts == (("新しい日程", words),)


def test_the_days_of_a_comment_are_a_number():
    told = notice("public_comment.announced", first_on="2026-12-01", days=30)
    assert told.facts == (("募集の始まり", "令和8年12月1日(火)"),)


@pytest.mark.parametrize(
    "count, lines, last", [(5, 5, "「段階5」"), (6, 6, "ほか1件"), (15, 6, "ほか10件")]
)
def test_of_many_stages_a_few_are_named(count, lines, last):
    rows = [(f"段階{n}", "", "2027-01-20～2027-01-20") for n in range(1, count + 1)]
    ((_label, words),) = notice("stage.planned", new_days=moved(*rows)).facts
    assert len(words.splitlines()) == lines
    assert words.splitlines()[-1].startswith(last)


def test_whose_a_deadline_is_may_be_a_post():
    told = notice("deadline.escalated", **FACTS, section="情報システム課長")
    assert ("担当", "情報システム課長") in told.facts
    assert ("課", "防災課") in notice("inquiry.forwarded", section="防災課").facts


def test_an_absence_is_of_a_post():
    told = notice("people.absence_registered", title="副市長", since_on="2026-12-03")
    assert (told.label, told.title) == ("職", "副市長")
    assert notice("people.transferred").label == "件名"


@pytest.mark.parametrize("kind", CATALOG)
@pytest.mark.parametrize("left", [-1, 0, 3])
def test_no_kind_says_a_word_twice(kind, left):
    told = notice(kind, **FACTS | {"days_left": left})
    assert not re.search("までまで|まで今日まで|。。|、、|：：|（）", f"{told.subject}{told.act}")
    assert not re.search("[a-z]{2,}", f"{told.subject}{told.act}")


@pytest.mark.parametrize("days, words", [(3, "あと3開庁日"), (0, "今日まで"), (-1, "1開庁日超過")])
def test_left_words(days, words):
    assert left_words(days) == words


def test_a_title_of_several_lines_stays_in_its_header():
    assert "\n" not in notice(title="一\r\nBcc: all@example.jp").subject


def test_a_percent_sign_in_a_title_is_only_a_title():
    assert notice("deadline.passed", title="70%(s)以上", days_left=-2).subject == (
        "期限を過ぎています（2開庁日超過）：70%(s)以上"
    )


@pytest.mark.parametrize("day", ["", "いつか", 20261204, None])
def test_a_day_that_is_none_is_told_as_it_stands(day):
    assert notice(due_on=day).facts == ((("期限", str(day)),) if day else ())


def test_what_is_urgent_is_in_the_catalog():
    assert CATALOG.keys() >= URGENT | ELSEWHERE.keys()


@pytest.mark.parametrize(
    "kind, facts, left, urgent",
    [
        ("deadline.passed", {}, None, True),
        ("deadline.reminded", {}, 3, False),
        ("deadline.reminded", {}, 1, True),
        ("signoff.approved", {"act": "sign"}, None, False),
        ("signoff.approved", {"act": "sign"}, 0, True),
        ("signoff.approved", {"act": "again"}, None, True),
        ("stage.opened", {}, None, False),
    ],
)
def test_is_urgent(kind, facts, left, urgent):
    assert is_urgent(OutboxEvent(kind=kind, facts=facts), left) is urgent


@pytest.mark.parametrize(
    "kind, topic",
    [
        ("deadline.passed", "deadline"),
        ("inquiry.reminded", "deadline"),
        ("inquiry.issued", "inquiry"),
        ("signoff.decided", "signoff"),
        ("meeting.moved", "other"),
        ("something.nobody_knows", "other"),
    ],
)
def test_topic_of(kind, topic):
    assert topic_of(kind) == topic

"""滞留一覧: where each running request lies, for those who watch over it."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client

from tests.counting import at_most
from tests.factories import NOON, TODAY, post, request_to, user
from tests.revisions.drafts import running_revision
from tests.workflow.signoff.lines import away, deputise, no_deputies, sent_round, vacate
from workflow.access import allowed
from workflow.authority.about import About
from workflow.models import Absence, Appointment, Deputy, Request, User
from workflow.signoff import views_stagnation
from workflow.signoff.commands import approve, send_back
from workflow.signoff.commands_aside import hold
from workflow.signoff.oversight import check_can_oversee
from workflow.signoff.queries_stagnation import (
    at_posts,
    by_post,
    lying,
    sent_back,
    unattended,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(city: None) -> str:
    """The key of a revision that joho steers."""
    return running_revision().key


def titles(who: str) -> list[str]:
    return [s.request.title for s in lying(user(who)).order_by("activated_at", "pk")]


def test_the_secretariat_sees_its_own_the_auditor_all_others_none(key: str) -> None:
    request_to("shicho", title="改定の件", part_of=key, at=NOON - timedelta(days=3))
    request_to("shicho", title="ほかの件")
    watchers = {w: allowed(check_can_oversee, user(w)) for w in ("joho-tanto", "kansa", "shicho")}
    assert watchers == {"joho-tanto": True, "kansa": True, "shicho": False}
    assert titles("joho-tanto") == ["改定の件"]
    assert titles("kansa") == ["改定の件", "ほかの件"]
    assert titles("shicho") == titles("koho-kacho") == []


def test_a_request_lies_where_its_turn_is(key: str) -> None:
    going, held, done, back = (
        request_to(*line, title=title, part_of=key)
        for title, line in [
            ("進む", ("joho-kacho", "shicho")),
            ("保留", ("joho-kacho", "shicho")),
            ("済み", ("joho-kacho",)),
            ("戻る", ("joho-kacho", "shicho")),
        ]
    )
    chief = {"by": user("joho-kacho"), "at": NOON}
    for request in (going, done):
        approve(step_id=request.steps.earliest("order").pk, **chief)
    hold(step_id=held.steps.earliest("order").pk, reason="資料待ち", **chief)
    send_back(step_id=back.steps.earliest("order").pk, reason="再検討", **chief)
    lies = {s.request.title: (s.post.code, s.state) for s in lying(user("kansa"))}
    assert lies == {"進む": ("shicho", "active"), "保留": ("joho-kacho", "held")}
    assert [(r.title, r.since) for r in sent_back(user("kansa"), TODAY)] == [("戻る", NOON)]
    told = [(row["post__name"], row["n"]) for row in by_post(lying(user("kansa")))]
    assert sorted(told) == [("市長", 1), ("情報システム課長", 1)]


def test_who_is_there_today_is_told(key: str) -> None:
    Absence.objects.create(
        post=post("shicho"), since=TODAY, until=TODAY + timedelta(2), reason="出張"
    )
    Appointment.objects.filter(post=post("somu-bucho")).update(until=TODAY - timedelta(1))
    people = at_posts(TODAY)
    assert people[post("shicho").pk].away_until == TODAY + timedelta(2)
    assert (people[post("somu-bucho").pk].names, people[post("somu-bucho").pk].vacant) == ("", True)
    assert people[post("joho-kacho").pk].away_until is None
    assert people[post("joho-kacho").pk].names == user("joho-kacho").name


def stuck() -> list[str]:
    return [s.request.title for s in unattended(lying(user("kansa")), TODAY)]


def test_what_nobody_can_take_is_told_apart(key: str) -> None:
    no_deputies()
    deputise("fuku-shicho-a", "fuku-shicho-b", "somu-bucho")
    sent_round("d:fuku-shicho-a", title="決裁")
    sent_round("d:fuku-shicho-a", title="重要な決裁", about=About(flags=["important"]))
    waiting = sent_round("joho-kacho", "d:shicho", title="回議").steps.first()
    hold(step_id=waiting.pk, by=user("joho-kacho"), at=NOON, reason="照会中")
    assert stuck() == []
    vacate("fuku-shicho-a")
    vacate("joho-kacho")
    assert stuck() == ["重要な決裁", "回議"]  # no 代決 for what is important, nor for a 回議
    away("fuku-shicho-b")
    User.objects.filter(username="somu-bucho").update(is_active=False)
    assert stuck() == ["決裁", "重要な決裁", "回議"]
    Deputy.objects.update(kind="acting", deputy=post("zaisan-kacho"), order=F("pk"))
    assert stuck() == ["回議"]


def test_a_draft_without_an_heir_is_told_apart(key: str) -> None:
    request = request_to("joho-kacho", drafter="koho-tanto")
    send_back(step_id=request.steps.first().pk, by=user("joho-kacho"), at=NOON, reason="再検討")
    vacate("koho-tanto")
    assert [r.unattended for r in sent_back(user("kansa"), TODAY)] == [False]
    User.objects.filter(username="koho-kacho").update(is_active=False)
    assert [r.unattended for r in sent_back(user("kansa"), TODAY)] == [True]


def test_the_list_shows_what_nobody_can_take(key: str, client: Client) -> None:
    request_to("koho-kacho", title="欠員の件", part_of=key)
    request_to("joho-kacho", title="いる件", part_of=key)
    vacate("koho-kacho")
    client.force_login(user("joho-tanto"))
    page = client.get("/requests/stagnation/", {"who": "nobody"})
    assert [(r.request.title, r.absence) for r in page.context["rows"]] == [
        ("欠員の件", "欠員（代わる人なし）")
    ]
    sent = client.get("/requests/stagnation.csv", {"who": "nobody"}).getvalue()
    file = sent.decode("utf-8-sig")
    assert ("欠員の件" in file, "いる件" in file) == (True, False)


@pytest.mark.parametrize("many", [1, 12])
def test_the_page_takes_the_same_statements(key: str, client: Client, many: int) -> None:
    for n in range(many):
        request_to("joho-kacho", "shicho", part_of=key, title=f"{n}")
    client.force_login(user("joho-tanto"))
    client.get("/requests/stagnation/")
    with at_most(19):
        page = client.get("/requests/stagnation/")
    assert len(page.context["rows"]) == many


def test_a_stranger_is_told_who_may_see_it(key: str, client: Client) -> None:
    client.force_login(user("koho-kacho"))
    for path in ("/requests/stagnation/", "/requests/stagnation.csv"):
        assert client.get(path).status_code == 403


def test_the_file_holds_what_is_shown_and_no_formula(key: str, client: Client) -> None:
    request_to("joho-kacho", title="=1+1", part_of=key)
    request_to("shicho", title="市長の件", part_of=key)
    client.force_login(user("kansa"))
    chosen = {"post": post("joho-kacho").pk}
    shown = client.get("/requests/stagnation/", chosen).context["rows"]
    file = client.get("/requests/stagnation.csv", chosen)
    head, *lines = file.getvalue().decode("utf-8-sig").splitlines()
    assert [row.request.title for row in shown] == ["=1+1"]
    assert (len(lines), lines[0].split(",")[0]) == (1, "'=1+1")
    assert head.startswith("件名,")
    old = client.get("/requests/stagnation.csv", {"encoding": "cp932"})
    assert len(old.getvalue().decode("cp932").splitlines()) == 3
    assert "filename*=utf-8''" in old["Content-Disposition"]
    assert Request.objects.count() == 2


def test_the_file_is_read_and_sent_in_parts(
    key: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views_stagnation, "PART", 2)
    names = [f"第{n}号" for n in range(5)]
    for name in names:
        request_to("joho-kacho", title=name, part_of=key)
    client.force_login(user("kansa"))
    file = client.get("/requests/stagnation.csv")
    mark, head, *parts = file.streaming_content
    assert [part.count(b"\r\n") for part in (mark, head, *parts)] == [0, 1, 2, 2, 1]
    told = b"".join(parts).decode().splitlines()
    assert [line.split(",")[0] for line in told] == names

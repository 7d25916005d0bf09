"""The turn comes to a post that nobody holds (欠員): who can go on is told."""

import pytest

from notifications.catalog import notice_of
from notifications.queries import recipients
from tests.counting import at_most
from tests.factories import user
from tests.revisions.inquiry import walk
from tests.workflow.signoff.lines import (
    act,
    away,
    deputise,
    no_deputies,
    sent_round,
    step_of,
)
from tests.workflow.signoff.test_approve_all import approve, open_all
from workflow.authority.about import About
from workflow.models import OutboxEvent, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

LINE = ("joho-kacho", "koho-kacho", "somu-bucho", "d:fuku-shicho-a")


def vacate(code: str) -> None:
    User.objects.filter(appointments__post__code=code).update(is_active=False)


def told() -> dict[str, set[str]]:
    """Return who is told of the last act, by what they are asked."""
    last = OutboxEvent.objects.latest("pk").entry_id
    events = list(OutboxEvent.objects.filter(entry=last).select_related("entry"))
    names = dict(User.objects.values_list("pk", "username"))
    reached = recipients(events)
    found = {str(e.facts.get("act")): {names[pk] for pk in reached[e.pk]} for e in events}
    return {asked: who for asked, who in found.items() if who}


@pytest.fixture(autouse=True)
def nobody_deputises(city: None) -> None:
    no_deputies()


def test_the_next_who_may_pull_up_and_the_drafter_are_told() -> None:
    vacate("koho-kacho")
    act(sent_round(*LINE), "approve", "joho-kacho")
    assert told() == {"pull_up": {"somu-bucho", "joho-tanto"}}
    notice = notice_of(OutboxEvent.objects.latest("pk"))
    assert notice.happened == "決裁の順番が、欠員の職に来ました"
    assert notice.act == "後の欄の人は、原文を読み、引き上げて承認か決裁をしてください。"
    assert notice.facts == (("欠員の職", "広報広聴課長"),)


def test_a_line_that_begins_with_a_vacant_post() -> None:
    vacate("joho-kacho")
    request = sent_round(*LINE)
    assert told() == {"pull_up": {"koho-kacho", "joho-tanto"}}
    act(request, "pull_up", "koho-kacho")
    assert told() == {"sign": {"somu-bucho"}}


@pytest.mark.parametrize("gone", [vacate, away])
def test_who_is_not_there_either_is_passed_by(gone) -> None:
    vacate("joho-kacho")
    gone("koho-kacho")
    sent_round(*LINE)
    assert told() == {"pull_up": {"somu-bucho", "joho-tanto"}}


@pytest.mark.parametrize(
    "turns",
    [("d:joho-kacho",), ("s:joho-kacho",), ("joho-kacho", "c:koho-kacho", "d:somu-bucho")],
    ids=["who decides", "who signs minutes", "a 合議 follows"],
)
def test_where_nobody_may_pull_up_the_drafter_is_told_who_sent_it_round(turns) -> None:
    vacate("joho-kacho")
    sent_round(*turns)
    assert told() == {"vacant": {"joho-tanto"}}
    notice = notice_of(OutboxEvent.objects.latest("pk"))
    assert notice.facts == (("欠員の職", "情報システム課長"),)


@pytest.mark.parametrize("sent", ["round", "on"])
def test_whoever_acts_for_a_vacant_decider_is_told_instead(sent: str) -> None:
    deputise("shicho", "fuku-shicho-a", kind="acting")
    vacate("shicho")
    request = sent_round(*(["d:shicho"] if sent == "round" else ["joho-kacho", "d:shicho"]))
    if sent == "on":
        act(request, "approve", "joho-kacho")
    assert told() == {"sign": {"fuku-shicho-a"}}


@pytest.mark.parametrize(
    "flags, asked", [((), {"sign": {"somu-bucho"}}), (("important",), {"vacant": {"joho-tanto"}})]
)
def test_a_substitute_who_may_not_decide_it_is_not_asked(
    flags: tuple[str, ...], asked: dict[str, set[str]]
) -> None:
    deputise("fuku-shicho-a", "somu-bucho", kind="substitute")
    vacate("fuku-shicho-a")
    sent_round("d:fuku-shicho-a", about=About(flags=flags))
    assert told() == asked


def test_where_enough_of_an_order_are_there_nothing_stops() -> None:
    vacate("koho-kacho")
    sent_round("c:koho-kacho+c:jinji-kacho", "d:somu-bucho", needed=1)
    assert told() == {"sign": {"jinji-kacho"}}
    sent_round("c:koho-kacho+c:jinji-kacho", "d:somu-bucho", needed=2)
    assert told() == {"sign": {"jinji-kacho"}, "vacant": {"joho-tanto"}}


def test_it_may_come_back_to_a_post_that_is_vacant_by_now() -> None:
    request = sent_round(*LINE)
    act(request, "approve", "joho-kacho")
    vacate("joho-kacho")
    back = step_of(request, "joho-kacho").pk
    act(request, "send_back", "koho-kacho", to_step_id=back)
    assert told() == {"pull_up": {"joho-tanto", "koho-kacho"}}


@pytest.mark.parametrize("many", [3, 30])
def test_a_vacant_post_costs_no_statement(many: int) -> None:
    vacate("koho-kacho")
    requests = [sent_round(*LINE, body=f"{n}") for n in range(many)]
    steps = [step_of(request, "joho-kacho") for request in requests]
    open_all("joho-kacho", steps)
    with at_most(12):
        assert len(approve("joho-kacho", *steps).done) == many
    events = OutboxEvent.objects.filter(kind="signoff.approved", facts__act="pull_up")
    assert events.count() == many


def test_an_answer_whose_chief_is_vacant_is_told_to_who_submitted_it() -> None:
    target = walk.receive(walk.target_of(walk.issued("koho")))
    walk.unchanged(target)
    vacate("koho-kacho")
    walk.submit(target)
    (event,) = OutboxEvent.objects.filter(kind="signoff.circulated", facts__act="vacant")
    assert recipients([event])[event.pk].keys() == {user("koho-tanto").pk}

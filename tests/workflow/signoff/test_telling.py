"""What those concerned are told of an act, in the words that they read."""

import pytest

from notifications.catalog import Notice, notice_of
from tests.factories import circulating, post
from tests.workflow.signoff.lines import act, line, sent_round, step_of
from workflow.authority.line import Turn
from workflow.authority.states import StepRole as Role
from workflow.models import OutboxEvent, Request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

LINE = ("joho-kacho", "c:koho-kacho", "d:fuku-shicho-a")


def told(act_of: str = "") -> Notice:
    """Return what was told last: of the recipients who are asked `act_of`."""
    events = OutboxEvent.objects.order_by("-pk")
    return next(notice_of(e) for e in events if e.facts.get("act", "") == act_of)


def at(request: Request, code: str) -> Request:
    """Let the turn come to a post of LINE."""
    for before, how in (("joho-kacho", "approve"), ("koho-kacho", "concur")):
        if before != code:
            act(request, how, before)
        else:
            break
    return request


@pytest.mark.parametrize(
    "how, who",
    [
        ("send_back", "joho-kacho"),
        ("hold", "joho-kacho"),
        ("dissent", "koho-kacho"),
        ("reject", "fuku-shicho-a"),
    ],
)
def test_who_is_asked_to_read_a_reason_is_told_it(how: str, who: str) -> None:
    act(at(sent_round(*LINE), who), how, who, reason="根拠が足りません。")
    notice = told()
    assert "理由を" in notice.act
    assert ("理由", "根拠が足りません。") in notice.facts


def test_who_is_to_sign_again_is_told_why() -> None:
    request = at(sent_round(*LINE), "koho-kacho")
    back = step_of(request, "joho-kacho").pk
    act(request, "send_back", "koho-kacho", to_step_id=back, reason="別表が違います。")
    assert ("理由", "別表が違います。") in told("again").facts


def test_a_word_said_on_approving_is_no_reason() -> None:
    request = sent_round("d:joho-kacho")
    act(request, "approve", "joho-kacho", comment="よい案です。")
    assert told().facts == ()


@pytest.mark.parametrize(
    "turn, happened, asked",
    [
        ("joho-kacho", "決裁の順番が来ました", "原文を読み、承認か差戻しをしてください。"),
        (
            "c:joho-kacho",
            "合議の順番が来ました",
            "原文を読み、同意するかしないかを答えてください。",
        ),
        ("d:joho-kacho", "決裁の順番が来ました", "原文を読み、決裁か差戻しをしてください。"),
        ("s:joho-kacho", "署名の順番が来ました", "原文を読み、署名か差戻しをしてください。"),
    ],
)
def test_each_is_asked_for_what_their_page_offers(turn: str, happened: str, asked: str) -> None:
    sent_round(turn, *(() if turn[:2] in ("d:", "s:") else ("d:somu-bucho",)))
    notice = told("sign")
    assert (notice.happened, notice.act) == (happened, asked)


def test_side_by_side_each_is_asked_for_their_own() -> None:
    concurs, signs = Turn(1, Role.CONCURRENCE, post("koho-kacho")), line("joho-kacho")
    circulating([*signs, concurs, Turn(2, Role.DECIDER, post("somu-bucho"))])
    told = {tuple(e.groups): notice_of(e).happened for e in OutboxEvent.objects.all()}
    assert told == {
        (post("koho-kacho").group_id,): "合議の順番が来ました",
        (post("joho-kacho").group_id,): "決裁の順番が来ました",
    }


def test_a_turn_told_of_before_this_keeps_its_words() -> None:
    notice = notice_of(OutboxEvent(kind="signoff.approved", facts={"act": "sign"}))
    assert notice.act == "原文を読み、承認か差戻しをしてください。"

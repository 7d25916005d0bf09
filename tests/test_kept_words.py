"""What is kept and signed is in Japanese, in whatever language the screen of who acts is."""

from collections.abc import Iterator

import pytest
from django.utils.translation import override

from revisions.cycle import commands as cycle
from tests.revisions.cycle import paths
from tests.revisions.inquiry import walk as inquiry
from tests.revisions.meeting import walk as meeting
from workflow.models import Deviation, Round

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english(city: None) -> Iterator[None]:
    with override("en"):
        yield


def test_an_answer() -> None:
    request = inquiry.target_at("in_review").request
    assert request.title == "広報広聴課の回答（掲載事業について（照会））"
    assert '"label":"変更なし"' in request.content.body


def test_minutes() -> None:
    request = meeting.reach("fixed").request
    assert request.title == "「情報化推進委員会 第1回」の議事録の署名"
    assert "結果: 可決（賛成4 反対1 棄権0）" in request.content.body


def test_a_proposal() -> None:
    _revision, adoption = paths.at_adoption()
    body = paths.propose(adoption).request.content.body
    assert "段階：計画案 策定（決裁）" in body


def test_what_departs_from_the_route() -> None:
    _revision, first, second = paths.two_reports()
    paths.act(cycle.open_stage, stage_id=second.pk)
    words = {"to_stage_id": first.pk, "reason": "再検討"}
    paths.act(cycle.send_back_stage, stage_id=second.pk, **words)
    assert Round.objects.filter(name="素案（再）").exists()
    assert set(Deviation.objects.values_list("what", flat=True)) == {
        "経路にない段階の追加",
        "段階の省略",
    }

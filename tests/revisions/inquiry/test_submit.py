"""課長へ回す: all that is missing is listed at once, each with the place where it is mended."""

import pytest

from revisions.inquiry.commands_forward import forward
from revisions.inquiry.states import TargetState as S
from tests.factories import NOON, section, user
from tests.revisions.inquiry.test_views import client, page
from tests.revisions.inquiry.test_views_drafts import keep
from tests.revisions.inquiry.walk import asked, counted, current, submit
from workflow.errors import Unmet
from workflow.models import Post
from workflow.people.states import Rank

pytestmark = pytest.mark.django_db


def test_everything_is_listed_at_once(city):
    target = asked({"label": "委託しますか", "required": True})
    question = target.inquiry.questions.get()
    row = forward(
        target_id=target.pk,
        uid="P10",
        section_id=section("koseki").pk,
        reason="所管違い",
        by=user("koho-tanto"),
        at=NOON,
    )
    keep(target, overview="書きかけ")
    Post.objects.filter(code="koho-kacho").update(rank=Rank.STAFF)
    before = counted()
    with pytest.raises(Unmet) as refused:
        submit(target)
    assert [one.link for one in refused.value.missing] == [
        page(target, "sheets/P11/"),
        page(target, "sheets/P06/"),
        page(target, f"questions/#question-{question.pk}"),
        f"/forwards/{row.pk}/",
        "",
    ]
    assert (counted(), current(target).state) == (before, S.RECEIVED)
    shown = client("koho-tanto").get(page(target))
    assert shown.context["missing"] == list(refused.value.missing)
    assert "課長へ回す前に済ませること（5件）" in shown.content.decode()

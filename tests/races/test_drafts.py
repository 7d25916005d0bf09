"""People of one section type into one sheet at the same instant."""

from collections.abc import Callable
from typing import Any

import pytest
from django_fsm import TransitionNotAllowed

from revisions.inquiry.commands_drafts import Kept
from revisions.models import AnswerDraft, InquiryTarget
from tests.revisions.inquiry import walk
from tests.revisions.inquiry.test_drafts import (
    ONE,
    OTHER,
    answer_page,
    opened,
    save_fields,
    texts,
    typing,
)
from workflow.errors import Unmet

pytestmark = pytest.mark.django_db(transaction=True)

Together = Callable[..., list[Any]]
WRITERS = (ONE, OTHER)


@pytest.fixture
def target(city: None) -> InquiryTarget:
    return walk.receive(walk.target_of(walk.issued()))


def test_of_two_in_one_field_one_is_kept_and_the_other_told(
    target: InquiryTarget, together: Together
) -> None:
    """First where nobody has typed yet, then over what is there."""
    for n in range(10):
        pages = {by: typing(opened(target), overview=f"{by} {n}") for by in WRITERS}
        results = together(
            *(lambda by=by, p=p: save_fields(target, p, by=by) for by, p in pages.items())
        )
        assert all(isinstance(kept, Kept) for kept in results), results
        (winner,) = [kept for kept in results if kept.saved]
        (loser,) = [kept for kept in results if kept.clashes]
        said = texts(target)["overview"]
        assert (winner is loser, loser.clashes[0].value) == (False, said)
        if n % 3 == 2:
            AnswerDraft.objects.all().delete()


def test_all_who_type_in_fields_of_their_own_are_kept(
    target: InquiryTarget, together: Together
) -> None:
    for n in range(5):
        page = opened(target)
        mine = {field: f"{field} {n}" for field in ("overview", "aims", "rationale", "reason")}
        pages = [typing(page, **{field: text}) for field, text in mine.items()]
        results = together(
            *(
                lambda by=by, p=p: save_fields(target, p, by=by)
                for by, p in zip(WRITERS * 2, pages, strict=True)
            )
        )
        assert [r.saved for r in results] == [[field] for field in mine], results
        assert texts(target) == mine


def test_who_type_in_the_same_fields_do_not_wait_for_each_other_for_ever(
    target: InquiryTarget, together: Together
) -> None:
    fields = ("reason", "aims", "overview", "rationale")
    for n in range(10):
        page = opened(target)
        mine = typing(page, **dict.fromkeys(fields, f"甲{n}"))
        theirs = typing(page, **dict.fromkeys(reversed(fields), f"乙{n}"))
        results = together(
            lambda p=mine: save_fields(target, p), lambda p=theirs: save_fields(target, p, by=OTHER)
        )
        assert sorted(len(kept.saved) for kept in results) == [0, 4], results


def test_a_field_and_the_answer_over_it_lose_nothing(
    target: InquiryTarget, together: Together
) -> None:
    """Whoever is second is told: no draft is left behind that nobody was shown."""
    for n in range(10):
        page = opened(target)
        typed, answered = f"下書き {n}", f"回答 {n}"
        kept, saved = together(
            lambda page=page, text=typed: save_fields(target, typing(page, aims=text), by=OTHER),
            lambda page=page, text=answered: answer_page(target, typing(page, aims=text)),
        )
        assert isinstance(kept, Kept), kept
        if kept.saved:
            assert isinstance(saved, Exception)
            assert texts(target) == {"aims": typed}
            answer_page(target, opened(target), by=OTHER)
        else:
            assert saved.proposed["aims"] == answered
            assert texts(target) == {}


def test_nothing_is_typed_into_what_goes_up(target: InquiryTarget, together: Together) -> None:
    walk.unchanged(target)
    for n in range(5):
        page = opened(target)
        kept, sent = together(
            lambda page=page, n=n: save_fields(target, typing(page, aims=f"{n}")),
            lambda: walk.submit(target),
        )
        if isinstance(kept, TransitionNotAllowed):
            assert (sent.state, texts(target)) == ("in_review", {})
            return
        assert isinstance(sent, Unmet)
        AnswerDraft.objects.all().delete()

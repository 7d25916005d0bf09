"""下書き: what is typed is kept field by field, told to the second writer, and answered by one."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_fsm import TransitionNotAllowed

from revisions.inquiry import commands_answer, commands_drafts, queries
from revisions.inquiry.gates_drafts import WrittenMeanwhile
from revisions.inquiry.queries_drafts import base_of, drafts_of, present
from revisions.inquiry.rows import shown
from revisions.inquiry.states import TargetState as S
from revisions.inquiry.tasks import forget
from revisions.inquiry.typed import Page, as_initial, as_typed, from_post, marks
from revisions.models import AnswerDraft, Presence
from revisions.plan.cells import initial_of
from revisions.plan.forms import SheetForm
from revisions.plan.queries import draft_sheets
from tests.counting import at_most
from tests.factories import NOON, user
from tests.revisions.inquiry.walk import (
    PATHS,
    answer,
    counted,
    current,
    issued,
    receive,
    submit,
    target_at,
    target_of,
    unchanged,
)
from tests.revisions.plan.posted import posted
from workflow.errors import Invalid, NotAllowed, Unmet
from workflow.models import AuditEntry

ONE, OTHER = "koho-tanto", "koho-kacho"


@pytest.fixture
def target(city):
    return receive(target_of(issued()))


def opened(target, uid="P06"):
    """A page as somebody opens it now."""
    target = current(target)
    drafts = {field: draft.value for field, draft in drafts_of(target, uid).items()}
    values = base_of(target, queries.sheets_of(target), uid) | drafts
    return Page(values, marks(values))


def typing(page, **fields):
    return Page(page.typed | fields, page.made_of)


def save_fields(target, page, *, by=ONE, uid="P06", at=NOON):
    return commands_drafts.save_fields(target_id=target.pk, uid=uid, page=page, by=user(by), at=at)


def answer_page(target, page, *, by=ONE):
    """Save the sheet as a page has it."""
    sheet = queries.sheets_of(current(target)).own_sheet("P06")
    fields = {f: page.typed[f] for f in ("overview", "aims", "rationale")}
    given = {"kind": "edit", "sheet": sheet | fields, "reason": page.typed["reason"] or "見直し"}
    return answer(target, page=typing(page, reason=given["reason"]), by=by, **given)


def texts(target):
    return {draft.field: draft.value for draft in AnswerDraft.objects.filter(target=target)}


def test_each_field_is_kept_by_itself_and_nothing_is_recorded(target):
    page, before = opened(target), counted()
    assert save_fields(target, typing(page, overview="甲の概要")).saved == ["overview"]
    assert save_fields(target, typing(page, aims="乙のねらい"), by=OTHER).saved == ["aims"]
    assert texts(target) == {"overview": "甲の概要", "aims": "乙のねらい"}
    assert counted() == before
    assert not current(target).answers.exists()


def test_the_second_writer_is_told_and_overwrites_nothing(target):
    page = opened(target)
    save_fields(target, typing(page, overview="甲"))
    kept = save_fields(target, typing(page, overview="乙", aims="乙のねらい"), by=OTHER)
    assert kept.saved == ["aims"]
    assert [(d.field, d.value, d.post.code) for d in kept.clashes] == [("overview", "甲", ONE)]
    assert texts(target) == {"overview": "甲", "aims": "乙のねらい"}


def test_who_types_on_keeps_typing(target):
    page = typing(opened(target), overview="書")
    page = typing(page.after(save_fields(target, page).saved), overview="書き")
    assert save_fields(target, page).clashes == []
    assert texts(target) == {"overview": "書き"}


def test_what_was_answered_meanwhile_is_met_too(target):
    page = opened(target)
    answer_page(target, typing(page, overview="甲の回答"))
    kept = save_fields(target, typing(page, overview="乙"), by=OTHER)
    assert [(d.pk, d.value) for d in kept.clashes] == [(None, "甲の回答")]
    assert texts(target) == {}


@pytest.mark.parametrize("state", PATHS)
def test_only_while_the_section_writes(city, state):
    target = target_at(state)
    before = counted()
    page = Page({"overview": "書きかけ"}, {})
    if state in (S.RECEIVED, S.RETURNED):
        assert save_fields(target, opened(target)).saved == []
        return
    with pytest.raises(TransitionNotAllowed):
        save_fields(target, page)
    assert (texts(target), counted()) == ({}, before)


@pytest.mark.parametrize("by", ["bunsho-tanto", "joho-tanto", "kansa", "iin-1"])
def test_nobody_else_types_discards_or_is_present(target, by):
    before, page = counted(), opened(target)
    with pytest.raises(NotAllowed):
        save_fields(target, typing(page, overview="よその課"), by=by)
    with pytest.raises(NotAllowed):
        discard_drafts(target, page, by=by)
    with pytest.raises(NotAllowed):
        come(target, by=by)
    assert (texts(target), counted()) == ({}, before)


@pytest.mark.parametrize("uid", ["P01", "new", "new-1", "nothing"])
def test_only_on_a_sheet_of_ones_own(target, uid):
    with pytest.raises(Invalid):
        save_fields(target, typing(opened(target), overview="書きかけ"), uid=uid)


def test_a_save_is_few_statements(target):
    page, by = typing(opened(target), overview="書"), user(ONE)
    save_fields(target, page)
    page = typing(page.after(["overview"]), overview="書き")
    with at_most(6):
        commands_drafts.save_fields(target_id=target.pk, uid="P06", page=page, by=by, at=NOON)


def test_the_statements_of_a_save_do_not_grow_with_the_cells(target):
    page, by = opened(target), user(ONE)

    def statements(row, *columns):
        cells = {f"actions/{row}/{column}": "2027" for column in columns}
        with CaptureQueriesContext(connection) as made:
            commands_drafts.save_fields(
                target_id=target.pk, uid="P06", page=typing(page, **cells), by=by, at=NOON
            )
        return len(made)

    assert statements("one", "text") == statements("two", "text", "first", "last", "note")


def test_a_page_whose_answer_was_lost_does_not_meet_itself(target):
    page = opened(target)
    page = Page(page.typed, page.made_of | {"page": "one"})
    save_fields(target, typing(page, overview="書"))
    assert save_fields(target, typing(page, overview="書き")).clashes == []
    other = Page(page.typed, page.made_of | {"page": "other"})
    assert save_fields(target, typing(other, overview="別の画面")).clashes[0].value == "書き"
    answer_page(target, typing(page, overview="書き終えた"))
    assert texts(target) == {}


def test_what_arrives_after_its_own_answer_leaves_no_draft(target):
    page = typing(opened(target), overview="書き終えた", reason="見直し")
    answer_page(target, page)
    assert save_fields(target, page).clashes == []
    assert texts(target) == {}


# It becomes an answer


def test_one_act_leaves_one_entry_and_takes_in_what_it_shows(target):
    page = opened(target)
    for text in ("書", "書き", "書き終えた"):
        page = typing(page, overview=text)
        page = page.after(save_fields(target, page).saved)
    before = AuditEntry.objects.count()
    answer_page(target, page)
    assert AuditEntry.objects.count() == before + 1
    assert texts(target) == {}
    assert current(target).answers.get().proposed["overview"] == "書き終えた"


def test_what_it_was_opened_over_and_says_otherwise_goes_with_the_answer(target):
    """A form without its script keeps nothing before it answers."""
    save_fields(target, typing(opened(target), aims="書きかけ"), by=OTHER)
    answer_page(target, typing(opened(target), aims="読んで直した"))
    assert texts(target) == {}
    assert current(target).answers.get().proposed["aims"] == "読んで直した"


def test_what_a_colleague_types_elsewhere_stays_a_draft(target):
    page = opened(target)
    save_fields(target, typing(page, aims="乙が書きかけ"), by=OTHER)
    answer_page(target, typing(page, overview="甲の概要"))
    assert texts(target) == {"aims": "乙が書きかけ"}
    proposed = current(target).answers.get().proposed
    assert (proposed["overview"], proposed["aims"]) == ("甲の概要", page.typed["aims"])
    assert opened(target).typed["aims"] == "乙が書きかけ"


def test_an_answer_over_what_a_colleague_typed_or_answered_is_refused(target):
    page = opened(target)
    save_fields(target, typing(page, overview="乙"), by=OTHER)
    before = counted()
    with pytest.raises(WrittenMeanwhile) as clash:
        answer_page(target, typing(page, overview="甲"))
    assert (clash.value.clashes, clash.value.latest["overview"]) == (["overview"], "乙")
    assert counted() == before

    answer_page(target, opened(target), by=OTHER)
    with pytest.raises(WrittenMeanwhile) as undone:
        answer_page(target, typing(page, aims="甲"))
    assert (undone.value.clashes, undone.value.moved) == ([], ["overview"])


@pytest.mark.parametrize("kind", ["unchanged", "discontinue"])
def test_an_answer_in_one_click_does_not_wipe_what_is_typed(target, kind):
    save_fields(target, typing(opened(target), overview="書きかけ"))
    with pytest.raises(Unmet) as refused:
        answer(target, kind=kind)
    assert [m.link for m in refused.value.missing] == [f"/answers/{target.pk}/sheets/P06/"]
    with pytest.raises(Unmet):
        unchanged(target)


def test_nothing_goes_up_past_what_is_typed(target):
    unchanged(target)
    save_fields(target, typing(opened(target), overview="書きかけ"))
    with pytest.raises(Unmet) as refused:
        submit(target)
    assert [m.link for m in refused.value.missing] == [f"/answers/{target.pk}/sheets/P06/"]
    with pytest.raises(Unmet):
        commands_answer.remove_answer(target_id=target.pk, uid="P06", by=user(ONE), at=NOON)


# Thrown away


def discard_drafts(target, page, *, by=ONE):
    return commands_drafts.discard_drafts(
        target_id=target.pk, uid="P06", shown=page.made_of, by=user(by), at=NOON
    )


def test_what_is_shown_is_thrown_away_and_what_is_newer_is_not(target):
    page = opened(target)
    save_fields(target, typing(page, overview="甲", aims="甲"))
    shown = opened(target)
    save_fields(target, typing(shown, aims="その後"), by=OTHER)
    discard_drafts(target, shown)
    assert texts(target) == {"aims": "その後"}
    entry = AuditEntry.objects.filter(subject=target.key).latest("seq")
    assert entry.verb == "inquiry.draft_discarded"
    with pytest.raises(Unmet):
        discard_drafts(target, shown)


# Who is there


def come(target, *, by=ONE, at=NOON):
    return commands_drafts.come(target_id=target.pk, uid="P06", by=user(by), at=at)


def test_who_has_it_open_counts_for_a_minute_and_is_forgotten(target):
    before = NOON - timedelta(hours=1)
    come(target, at=before)
    come(target, by=OTHER, at=before)
    come(target, at=before + timedelta(seconds=20))
    assert set(present(target, before + timedelta(seconds=20))["P06"]) == {
        "広報広聴課長",
        "広報広聴課担当",
    }
    later = before + timedelta(seconds=60)
    assert present(target, later) == {"P06": ["広報広聴課担当"]}
    assert commands_drafts.forget_presence(by=None, at=later) == 1
    forget(unknown_argument=1)
    assert not Presence.objects.exists()


# What a page is made of is what it sends


def test_an_untouched_page_touches_nothing(target):
    sheets, _names = draft_sheets(target.revision)
    for sheet in sheets:
        values = as_typed(initial_of(sheet))
        form = SheetForm(plan=target.revision.plan, initial=as_initial(values))
        assert Page(from_post(posted(form)), marks(values)).touched == [], sheet["uid"]


def test_a_form_opened_over_drafts_says_what_they_say(target):
    page = opened(target)
    (one,) = page.typed["actions"].split()
    rows = {
        "actions/fresh/text": "調査",
        "actions/fresh/first": "二〇二七",
        f"actions/{one}/note": "",
    }
    save_fields(target, typing(page, **rows, **{"actions/fresh/AFTER": "^"}))
    page = opened(target)
    form = SheetForm(plan=target.revision.plan, initial=as_initial(page.typed))
    sent = from_post(posted(form)) | {"reason": "", "place": ""}
    assert Page(sent, page.made_of).touched == []
    assert list(shown(sent)["actions"])[:2] == ["fresh", one]

"""By which choices who is asked: pure, and as the city's people and bodies give it."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revisions.inquiry import commands
from revisions.inquiry.addressees import Office, roles_on_sheets, rule
from revisions.inquiry.models import Inquiry
from revisions.inquiry.queries import sheets_of
from revisions.inquiry.queries_addressees import nobody_there, office_on
from revisions.plan.queries import draft_sheets
from tests.counting import at_most
from tests.factories import NOON, TODAY, post, section, user
from tests.revisions.drafts import running_revision
from tests.revisions.inquiry.walk import DUE, prepared, target_of
from workflow.models import Appointment, AuditEntry, Body, Seat, Section
from workflow.people.queries import classes_on

CODES = list("abcdef")
OFFICE = Office(
    {"all": "すべて", "department:x": "甲部", "class:y": "各課等"},
    {"all": CODES, "department:x": ["b", "a"], "class:y": []},
)


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from([*OFFICE.members, "body:gone"]), max_size=4),
    st.sets(st.sampled_from(CODES)),
)
def test_everybody_asked_is_asked_once_for_a_reason_that_is_kept(choices, asked):
    kept, why = rule(OFFICE, choices, sorted(asked))
    chosen = OFFICE.chosen(choices)
    assert why.keys() == asked
    assert all(why[code] == chosen.get(code, [f"section:{code}"]) for code in asked)
    assert set(kept["left_out"]) == chosen.keys() - asked
    assert {c for found in why.values() for c in found} <= dict(kept["choices"]).keys()
    assert "body:gone" not in dict(kept["choices"])


def test_who_leads_answers_and_who_is_related_is_concerned():
    sheets = [
        {"lead": ["a", "b"], "related": [{"class": "各課等"}]},
        {"lead": [{"class": "各課等"}], "related": ["c"]},
    ]
    assert roles_on_sheets(sheets, {"各課等": ["d"]}) == ({"a": 1}, {"b", "c", "d"})


@pytest.mark.django_db
def test_the_office_on_a_day(city):
    sheets = draft_sheets(running_revision())[0]
    office = office_on(TODAY, sheets)
    assert office.members["all"] == list(Section.objects.values_list("code", flat=True))
    assert set(office.members["department:somu"]) == set(
        Section.objects.filter(department__code="somu").values_list("code", flat=True)
    )
    assert "koho" in office.members["leads"]
    assert office.names_nobody(["class:各施設所管課等"]) == []
    assert office.members["class:各施設所管課等"] == classes_on(TODAY)["各施設所管課等"]
    assert office.labels["class:各施設所管課等"] == "各施設所管課等"


@pytest.mark.django_db
def test_a_body_is_asked_as_it_is_seated_on_the_day(city):
    seat = Seat.objects.filter(body__code="kanjikai", post__code="joho-kacho").get()
    seat.until = TODAY
    seat.save()
    assert "joho" in office_on(TODAY, []).members["body:kanjikai"]
    assert "joho" not in office_on(TODAY + timedelta(days=1), []).members["body:kanjikai"]


@pytest.mark.django_db
def test_a_departments_head_stands_for_the_section_that_coordinates_it(city):
    body = Body.objects.get(code="honbukai")
    Seat.objects.filter(body=body).exclude(post__code="somu-bucho").delete()
    coordinating = Section.objects.get(department__code="somu", is_coordinating=True)
    assert office_on(TODAY, []).members["body:honbukai"] == [coordinating.code]


@pytest.mark.django_db
def test_a_section_with_nobody_on_the_due_day_is_pointed_out(city):
    held = Appointment.objects.filter(post__section__code="koho")
    held.update(until=DUE - timedelta(days=1))
    assert "koho" not in nobody_there(TODAY)
    assert "koho" in nobody_there(DUE)


@pytest.mark.django_db
def test_the_choice_is_kept_with_the_inquiry_and_with_everybody_asked(city):
    inquiry, office = prepared(), office_on(TODAY, [])
    codes = [c for c in office.members["department:somu"] if c != "koho"]
    asked = [*codes[1:], "kodomo"]
    commands.issue(
        inquiry_id=inquiry.pk,
        section_ids=[section(code).pk for code in asked],
        choices=["department:somu"],
        on=date(2026, 11, 20),
        by=user("joho-tanto"),
        at=NOON,
    )
    inquiry = Inquiry.objects.get(pk=inquiry.pk)
    kept = inquiry.addressed
    assert kept["on"] == "2026-11-20"
    assert kept["choices"] == [
        ["department:somu", post("somu-bucho").department.name],
        ["section:kodomo", section("kodomo").name],
    ]
    assert set(kept["left_out"]) == set(office.members["department:somu"]) - set(asked)
    assert target_of(inquiry, "kodomo").asked_as == ["section:kodomo"]
    assert target_of(inquiry, codes[1]).asked_as == ["department:somu"]
    assert '"department:somu"' in AuditEntry.objects.get(verb="inquiry.issued").body


@pytest.mark.django_db
def test_related_sections_see_the_sheets_that_others_answer(city):
    inquiry = prepared()
    sheets = draft_sheets(inquiry.revision)[0]
    related = office_on(TODAY, sheets).members["related"]
    code = next(c for c in related if c not in office_on(TODAY, sheets).members["leads"])
    commands.issue(
        inquiry_id=inquiry.pk,
        section_ids=[section(code).pk],
        choices=["related"],
        by=user("joho-tanto"),
        at=NOON,
    )
    seen = sheets_of(target_of(inquiry, code))
    assert not seen.own
    assert {s["uid"] for s in seen.shared} == {s["uid"] for s in sheets if code in s["related"]}


@pytest.mark.django_db
def test_choosing_costs_few_statements(city):
    sheets = draft_sheets(running_revision())[0]
    with at_most(4):
        office_on(TODAY, sheets)

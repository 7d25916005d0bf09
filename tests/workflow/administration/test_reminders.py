"""督促の規則と執務時間の画面."""

import json
from datetime import time

import pytest
from django.urls import reverse

from tests.factories import NOON, request_to, section, user
from tests.workflow.deadline.factories import deadline
from workflow.deadline.commands_rules import set_rule
from workflow.deadline.schedule import STANDARD, Step
from workflow.models import AuditEntry, Deadline, OfficeHours, ReminderRule

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

KIND = "inquiry.answer"
RULE = f"/administration/reminders/rule/?kind={KIND}"


@pytest.fixture
def kanri(client):
    client.force_login(user("kanri"))
    return client


def text(response):
    return response.content.decode()


def lines(*rows, **more):
    """What the form sends: when, days, every, to."""
    sent = {"form-TOTAL_FORMS": len(rows) + 2, "form-INITIAL_FORMS": 0, "seen": 0, "due_on": ""}
    for n, row in enumerate(rows):
        names = zip(("when", "days", "every", "to"), row, strict=True)
        sent |= {f"form-{n}-{name}": value for name, value in names}
    return sent | more


YEAR_END = "年末の期限（情報システム課なら）"
TWO = (("before", 2, "", "holder"), ("late", 1, 3, "chief"))


class TestRule:
    def test_the_list_says_every_rule_in_words(self, kanri):
        page = kanri.get(reverse("reminders")).content.decode()
        assert "照会への回答" in page
        assert "期限を10開庁日過ぎて（その後10開庁日ごと） → 部長" in page

    def test_the_form_begins_with_what_stands(self, kanri):
        found = kanri.get(RULE).context["lines"]
        assert [form.initial.get("days") for form in found] == [
            *(step.days for step in STANDARD),
            None,
            None,
        ]

    def test_it_is_tried_on_real_days_before_it_is_saved(self, kanri):
        deadline(request_to("joho-kacho"), kind=KIND)
        found = kanri.post(RULE, lines(*TWO, check=1))
        tried = found.context["tried"]
        assert (tried.running, tried.changed) == (1, 1)
        real, year_end = tried.samples
        assert [f"{one.at:%m-%d %H:%M} {one.name}" for one in real.moments][:3] == [
            "12-02 08:30 情報システム課",
            "12-07 08:30 情報システム課長",
            "12-10 08:30 情報システム課長",
        ]
        assert [f"{one.at:%m-%d}" for one in year_end.moments][:3] == ["12-24", "01-04", "01-07"]
        assert {one.name for one in year_end.moments} == {"情報システム課", "情報システム課長"}
        assert "令和9年1月4日(月) 08:30" in found.content.decode()
        assert not ReminderRule.objects.exists()

    def test_the_rule_of_all_others_is_not_tried_on_those_with_their_own(self, kanri):
        own = deadline(request_to("joho-kacho"), kind=KIND)
        set_rule(kind=KIND, steps=(Step("late", 2),), by=None, at=NOON)
        url = "/administration/reminders/rule/?kind="
        tried = kanri.post(url, lines(*TWO, check=1)).context["tried"]
        assert (tried.running, [one.title for one in tried.samples]) == (0, [YEAR_END])
        assert own.title not in kanri.post(url, lines(*TWO, check=1)).content.decode()

    def test_a_day_of_choice(self, kanri):
        found = kanri.post(RULE, lines(*TWO, check=1, due_on="R8.12.19"))
        assert found.context["tried"].samples[0].is_closed
        assert "試す期限" in found.content.decode()
        assert {one.name for one in found.context["tried"].samples[0].moments} == {"担当の課による"}
        deadline(request_to("koho-kacho"), kind=KIND, group=section("koho").group)
        found = kanri.post(RULE, lines(*TWO, check=1, due_on="R8.12.19")).context["tried"]
        assert found.samples[0].title == "試す期限（広報広聴課なら）"
        assert {one.name for one in found.samples[0].moments} == {"広報広聴課", "広報広聴課長"}

    def test_back_to_that_of_all_others_it_is_tried_before_it_is_saved(self, kanri):
        assert 'name="others"' not in kanri.get(RULE).content.decode()
        made = deadline(request_to("joho-kacho"), kind=KIND)
        set_rule(kind=KIND, steps=(Step("late", 2),), by=None, at=NOON)
        sent = lines(("late", "x", "", "chief"), seen=1)
        found = kanri.post(RULE, sent | {"others": 1})
        assert "期限を10開庁日過ぎて（その後10開庁日ごと） → 部長" in found.context["words"]
        assert (found.context["tried"].running, found.context["tried"].changed) == (1, 1)
        assert ReminderRule.objects.count() == 1
        assert kanri.post(RULE, sent | {"drop": 1}).context["tried"]
        assert ReminderRule.objects.count() == 1
        kept = sent | {"drop": 1, "previewed": found.context["digest"]}
        assert kanri.post(RULE, kept).status_code == 302
        assert Deadline.objects.get(pk=made.pk).next_at == made.next_at
        assert "ほかのすべてと同じ（令和8年11月24日(火)から）" in text(
            kanri.get(reverse("reminders"))
        )
        assert 'name="others"' not in text(kanri.get(RULE))
        assert "督促の規則を、ほかのすべてと同じにしました" in text(kanri.get(RULE))

    def test_without_a_history_there_is_no_heading_of_it(self, kanri):
        assert "経過" not in text(kanri.get(RULE))
        set_rule(kind=KIND, steps=(Step("late", 2),), by=None, at=NOON)
        assert "経過" in text(kanri.get(RULE))

    def test_it_is_saved_as_it_was_tried(self, kanri):
        made = deadline(request_to("joho-kacho"), kind=KIND)
        digest = kanri.post(RULE, lines(*TWO, check=1)).context["digest"]
        assert kanri.post(RULE, lines(*TWO, set=1, previewed=digest)).status_code == 302
        assert ReminderRule.objects.get().kind == KIND
        assert Deadline.objects.get(pk=made.pk).next_at != made.next_at
        assert "督促の規則を定めました" in kanri.get(RULE).content.decode()

    def test_what_was_changed_after_it_was_tried_is_tried_again(self, kanri):
        digest = kanri.post(RULE, lines(*TWO, check=1)).context["digest"]
        other = ("before", 4, "", "holder"), TWO[1]
        found = kanri.post(RULE, lines(*other, set=1, previewed=digest))
        assert found.context["tried"]
        assert found.context["digest"] != digest
        assert not ReminderRule.objects.exists()

    def test_somebody_else_was_quicker(self, kanri):
        digest = kanri.post(RULE, lines(*TWO, check=1)).context["digest"]
        sent = lines(*TWO, set=1, previewed=digest)
        kanri.post(RULE, sent)
        assert kanri.post(RULE, sent).status_code == 409
        assert ReminderRule.objects.count() == 1

    @pytest.mark.parametrize(
        "row, field, said",
        [
            (("on", 2, "", "chief"), "days", "期限の日には、日数を付けません"),
            (("before", "", "", "chief"), "days", "1から60までの開庁日"),
            (("before", "２", "３", "chief"), "every", "くり返せるのは"),
            (("late", "令和", "", "chief"), "days", "整数"),
        ],
    )
    def test_what_is_wrong_with_a_line_is_said_beside_its_field(self, kanri, row, field, said):
        found = kanri.post(RULE, lines(*TWO, row, check=1))
        assert found.status_code == 422
        assert list(found.context["lines"][2].errors) == [field]
        page = found.content.decode()
        assert f'id="id_form-2-{field}_error"' in page
        assert said in page
        assert all(f'value="{typed}"' in page for typed in row[1:3] if typed)

    def test_full_width_digits_are_digits(self, kanri):
        found = kanri.post(RULE, lines(("late", "１", "３", "holder"), check=1))
        assert found.context["words"] == ["期限を1開庁日過ぎて（その後3開庁日ごと） → 担当"]

    @pytest.mark.parametrize(
        "rows, said",
        [
            (TWO[:1], "期限を過ぎたときの督促が一つ要ります"),
            ((("late", "x", "", "chief"),), "整数"),
            ((("late", 99, "", "chief"),), "60"),
            ((*TWO, TWO[1]), "3行目は、2行目と同じです"),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_stays(self, kanri, rows, said):
        found = kanri.post(RULE, lines(*rows, check=1))
        assert found.status_code == 422
        assert said in found.content.decode()
        assert found.context["lines"].data["form-0-when"] == rows[0][0]

    def test_the_summary_says_in_which_line(self, kanri):
        page = kanri.post(RULE, lines(*TWO, ("late", 99, "", "chief"), check=1)).content.decode()
        assert '<a href="#id_form-2-days">3行目の何開庁日：' in page

    @pytest.mark.parametrize("kind", ["", "inquiry.answer", "public_comment.answer"])
    def test_what_stands_can_be_tried(self, kanri, kind):
        """Also where nothing is received."""
        url = f"/administration/reminders/rule/?kind={kind}"
        forms = kanri.get(url).context["lines"].initial_forms
        rows = [[form.initial[n] for n in ("when", "days", "every", "to")] for form in forms]
        ticks = {
            f"form-{n}-unreceived": "on" for n, f in enumerate(forms) if f.initial["unreceived"]
        }
        assert kanri.post(url, lines(*rows, check=1, **ticks)).context["tried"]
        assert bool(ticks) == (kind != "public_comment.answer")

    def test_of_no_kind_there_is(self, kanri):
        assert kanri.get("/administration/reminders/rule/?kind=nothing").status_code == 404


SENT = {"section_id": "", "opens": "8:45", "closes": "17:30", "remind_at": "10:00"}


class TestHours:
    def send(self, client, **typed):
        page = reverse("reminders")
        seen = client.get(page).context["form"]["seen"].value()
        return client.post(page, SENT | {"seen": seen} | typed)

    def test_the_citys(self, kanri):
        assert self.send(kanri).status_code == 302
        assert OfficeHours.objects.get().remind_at == time(10)
        assert "08:45〜17:30" in kanri.get(reverse("reminders")).content.decode()

    def test_from_a_page_older_than_the_hours(self, kanri):
        self.send(kanri)
        stale = self.send(kanri, seen=0, remind_at="9:00")
        assert stale.status_code == 409
        assert "9:00" in stale.content.decode(), "what was typed is shown"
        assert OfficeHours.objects.get().remind_at == time(10)

    def test_a_sections_own_and_back(self, kanri):
        self.send(kanri, section_id=section("koho").pk)
        page = kanri.get(reverse("reminders"))
        ((found, row),) = page.context["own"]
        assert found == section("koho")
        kanri.post(reverse("remove_hours", args=[row.pk]))
        assert not kanri.get(reverse("reminders")).context["own"]

    def test_bad_input_stands_beside_its_field(self, kanri):
        found = self.send(kanri, remind_at="20:00")
        assert found.status_code == 422
        assert found.context["form"].errors["remind_at"]

    def test_hours_of_a_whole_day_are_asked_about_first(self, kanri):
        whole = {"opens": "00:00", "closes": "23:59"}
        found = self.send(kanri, **whole)
        assert found.status_code == 422
        assert "夜や早朝にも督促が届きます" in found.content.decode()
        assert not OfficeHours.objects.exists()
        assert self.send(kanri, **whole, accept_long="on").status_code == 302


class TestTheSecretariat:
    """It runs after what is late: the rules are its own, the hours of the office are not."""

    @pytest.fixture
    def tanto(self, client):
        client.force_login(user("joho-tanto"))
        return client

    def test_it_sets_a_rule_in_the_name_of_a_post(self, tanto):
        assert "督促の規則" in tanto.get(reverse("reminders")).content.decode()
        digest = tanto.post(RULE, lines(*TWO, check=1)).context["digest"]
        assert tanto.post(RULE, lines(*TWO, set=1, previewed=digest)).status_code == 302
        body = json.loads(AuditEntry.objects.get(subject=ReminderRule.objects.get().key).body)
        assert (body["verb"], body["post"]["name"]) == ("deadline.rule_set", "情報システム課担当")

    def test_hours_are_the_administrators(self, tanto):
        page = tanto.get(reverse("reminders"))
        assert "執務時間は、システム管理者が定めます" in page.content.decode()
        assert "この時間に定める" not in page.content.decode()
        assert tanto.post(reverse("reminders"), SENT | {"seen": 0}).status_code == 403
        assert not OfficeHours.objects.exists()


@pytest.mark.parametrize("who", ["koho-kacho", "shicho", "iin-1", "kansa"])
def test_others_find_nothing_here(client, who):
    client.force_login(user(who))
    entries = AuditEntry.objects.count()
    for url in (reverse("reminders"), RULE):
        assert client.get(url).status_code == 403
        assert client.post(url, lines(*TWO, set=1)).status_code == 403
    assert AuditEntry.objects.count() == entries

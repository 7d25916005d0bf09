"""期限の予定表: what an address shows, to whom, and for how long; make_feed and revoke_feed."""

import logging
import re
from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
import structlog
from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.test import Client

from config.logging import logging_config
from tests.counting import at_most
from tests.factories import NOON, post, request_to, section, user
from tests.workflow.deadline.factories import DUE, deadline, row
from workflow.audit.chain import digest
from workflow.deadline import commands, commands_feed, parts, registry
from workflow.deadline.states import DeadlineState as S
from workflow.errors import Stale
from workflow.models import AuditEntry, Body, CalendarFeed, Deadline

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

PEOPLE = ["joho-tanto", "koho-kacho", "shicho", "iin-1", "kansa", "kanri"]
TOKEN = "t" * 43


@pytest.fixture
def subject():
    return request_to("joho-kacho")


def make(name="joho-tanto", token=TOKEN, **more):
    return commands_feed.make_feed(token=token, by=user(name), at=NOON, **more)


def ask(token=TOKEN, **headers):
    return Client().get(f"/calendar/{token}.ics", headers=headers)


def events(token=TOKEN):
    response = ask(token)
    assert response.status_code == 200
    return icalendar.Calendar.from_ical(response.content).walk("VEVENT")


def signed_in(name="joho-tanto"):
    client = Client()
    client.force_login(user(name))
    return client


class TestCommands:
    @pytest.mark.parametrize("name", PEOPLE)
    def test_made_renewed_and_revoked(self, name):
        feed = make(name)
        assert (feed.secret, feed.made_at) == (digest(TOKEN), NOON)
        make(name, token="u" * 43)
        assert (ask().status_code, ask("u" * 43).status_code) == (404, 200)
        commands_feed.revoke_feed(by=user(name), at=NOON)
        assert ask("u" * 43).status_code == 404
        entries = AuditEntry.objects.filter(subject=feed.key).order_by("seq")
        assert list(entries.values_list("verb", flat=True)) == [
            "deadline.feed_made",
            "deadline.feed_renewed",
            "deadline.feed_revoked",
        ]
        assert not any(TOKEN in entry.body for entry in entries)

    def test_only_ones_own(self):
        make("joho-tanto")
        commands_feed.revoke_feed(by=user("koho-kacho"), at=NOON)
        assert CalendarFeed.objects.get().secret

    @pytest.mark.usefixtures("untouched")
    def test_nothing_to_revoke(self):
        commands_feed.revoke_feed(by=user("joho-tanto"), at=NOON)
        assert not CalendarFeed.objects.exists()

    def test_an_old_page_is_refused(self):
        make(seen=0)
        for act in (make, lambda seen: commands_feed.revoke_feed(seen=seen, by=by(), at=NOON)):
            with pytest.raises(Stale):
                act(seen=0)
        assert CalendarFeed.objects.get().secret == digest(TOKEN)


def by():
    return user("joho-tanto")


class TestWhatItShows:
    def test_an_all_day_event_on_the_due_day(self, subject):
        made = deadline(subject, DUE, kind="test.labelled")
        registry.register(registry.Kind("test.labelled", "照会への回答"))
        make()
        (event,) = events()
        assert event["summary"] == "【期限】照会への回答：庁内照会への回答"
        assert event["dtstart"].dt == date(2026, 12, 4)
        assert event["dtend"].dt == date(2026, 12, 5)
        assert event["uid"] == f"deadline-{made.pk}@127.0.0.1"
        assert event["url"] == f"{settings.BASE_URL}/answers/1/"
        assert event["description"] == f"担当：情報システム課\n{event['url']}"
        assert event["dtstamp"].dt == event["last-modified"].dt == NOON
        assert event["transp"] == "TRANSPARENT"
        assert event["categories"].cats == ["期限"]
        assert not event.walk("VALARM")
        assert "organizer" not in event

    def test_it_is_fetched_anew_every_hour(self):
        make()
        lines = ask().content.decode().splitlines()
        assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in lines
        assert "X-PUBLISHED-TTL:PT1H" in lines

    def test_the_same_event_says_that_it_changed(self, subject):
        deadline(subject, DUE)
        make()
        (before,) = events()
        later = NOON + timedelta(hours=1)
        with transaction.atomic():
            parts.extend(subject, "answer", due_on=date(2026, 12, 11), by=by(), at=later)
        (after,) = events()
        assert after["uid"] == before["uid"]
        assert after["sequence"] > before["sequence"]
        assert after["dtstart"].dt == date(2026, 12, 11)
        assert after["dtstamp"].dt == later

    def test_what_is_late_is_marked(self, subject):
        row(subject, S.PASSED)
        make()
        (event,) = events()
        assert event["summary"].startswith("【期限超過】")
        assert event["categories"].cats == ["期限超過"]

    @pytest.mark.parametrize("state", [S.MET, S.LIFTED])
    def test_what_is_done_leaves(self, subject, state):
        row(subject, state)
        make()
        assert events() == []

    def test_ones_posts_sections_and_bodies_and_nobody_elses(self, subject):
        body = Body.objects.filter(group__user=user("joho-kacho")).first()
        groups = {
            "post": post("joho-kacho").group,
            "section": section("joho").group,
            "body": body.group,
            "other": section("koho").group,
        }
        for kind, group in groups.items():
            deadline(subject, DUE, kind=kind, group=group)
        make("joho-kacho")
        uids = {str(event["uid"]).partition("@")[0] for event in events()}
        shown = Deadline.objects.exclude(kind="other").values_list("pk", flat=True)
        assert uids == {f"deadline-{pk}" for pk in shown}
        assert len(uids) == 3

    def test_no_name_of_a_person(self, subject):
        deadline(subject, DUE)
        make()
        text = ask().content.decode()
        assert all(user(name).name not in text for name in PEOPLE)

    def test_a_title_stays_one_property(self, subject):
        made = deadline(subject, DUE)
        Deadline.objects.filter(pk=made.pk).update(
            title="一,二;三\r\nATTENDEE:mailto:a@b\n" + "長" * 100
        )
        make()
        (event,) = events()
        assert "attendee" not in event
        assert max(map(len, ask().content.split(b"\r\n"))) <= 75

    def test_in_japanese_whatever_is_asked_for(self, subject):
        deadline(subject, DUE)
        make()
        assert "【期限】" in ask(accept_language="en").content.decode().replace("\r\n ", "")

    def test_what_a_calendar_needs_to_know(self):
        make()
        response = ask()
        found = icalendar.Calendar.from_ical(response.content)
        assert response["Content-Type"] == "text/calendar; charset=utf-8"
        assert (found["version"], "method" in found) == ("2.0", False)
        assert found["x-wr-calname"] == "改定の期限"
        assert found["refresh-interval"].dt == timedelta(hours=1)


class TestHttp:
    def test_nobody_else_may_keep_it_and_each_time_asks(self):
        make()
        response = ask()
        assert {"private", "no-cache"} <= set(response["Cache-Control"].split(", "))
        assert "Set-Cookie" not in response
        again = ask(if_none_match=response["ETag"])
        assert (again.status_code, again.content) == (304, b"")

    def test_a_change_is_sent(self, subject):
        make()
        tag = ask()["ETag"]
        deadline(subject, DUE)
        changed = ask(if_none_match=tag)
        assert changed.status_code == 200
        with transaction.atomic():
            parts.meet(subject, "answer", by=by(), at=NOON)
        assert ask(if_none_match=changed["ETag"])["ETag"] == tag

    def test_whoever_left_is_shown_nothing(self):
        make()
        user("joho-tanto").__class__.objects.filter(username="joho-tanto").update(is_active=False)
        assert ask().status_code == 404

    @pytest.mark.parametrize("token", ["none", "x" * 43, "ｔ" * 43, digest(TOKEN)])
    def test_a_guess(self, token):
        make()
        assert ask(token).status_code == 404

    def test_a_constant_number_of_statements(self, subject):
        for n in range(20):
            deadline(subject, DUE, kind=f"answer-{n}")
        make()
        with at_most(2):
            assert len(events()) == 20

    def test_only_reading(self):
        make()
        assert Client().post(f"/calendar/{TOKEN}.ics").status_code == 405

    def test_the_secret_is_kept_nowhere(self):
        client = signed_in()
        page = client.post("/calendar/make/", {"seen": "0"}).content.decode()
        token = re.search(r"/calendar/([\w-]{43})\.ics", page)[1]
        assert token not in str(dict(client.session))
        for model in apps.get_models():
            assert not any(token in str(found) for found in model._default_manager.values_list())


class TestPage:
    def test_shown_once(self, subject):
        deadline(subject, DUE)
        client = signed_in()
        assert "購読アドレスはありません" in client.get("/calendar/").content.decode()
        made = client.post("/calendar/make/", {"seen": "0"})
        token = re.search(r"/calendar/([\w-]{43})\.ics", made.content.decode())[1]
        assert "no-store" in made["Cache-Control"]
        assert len(events(token)) == 1
        assert token not in client.get("/calendar/").content.decode()
        assert client.post("/calendar/make/", {"seen": "0"}).status_code == 409
        assert client.post("/calendar/revoke/", {"seen": "1"}).status_code == 302
        assert ask(token).status_code == 404

    def test_the_same_as_a_file(self, subject):
        deadline(subject, DUE)
        make()
        response = signed_in().get("/calendar/deadlines.ics")
        assert response.content == ask().content
        assert "attachment" in response["Content-Disposition"]

    @pytest.mark.parametrize("name", PEOPLE)
    def test_everybody_has_one(self, name):
        assert signed_in(name).get("/calendar/").status_code == 200


@pytest.mark.parametrize(
    "path", [f"/calendar/{TOKEN}.ics", f"/calendar/{TOKEN}", f"/calendar/{TOKEN}.ics/x"]
)
def test_the_address_is_not_logged(path, capsys):
    make()
    formatter = structlog_formatter()
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        Client().get(path)
        logging.getLogger("django.request").error("Internal Server Error: %s", path)
    finally:
        root.removeHandler(handler)
    told = capsys.readouterr().err
    assert "/calendar/…" in told
    assert TOKEN not in told


def structlog_formatter():
    made = logging_config(json=True, level="INFO")["formatters"]["line"]
    return structlog.stdlib.ProcessorFormatter(**{k: v for k, v in made.items() if k != "()"})


def test_a_reminder_raises_the_sequence(subject):
    made = deadline(subject, DUE)
    make()
    (before,) = events()
    commands.remind(deadline_ids=[made.pk], at=datetime(2026, 12, 1, 0, 0, tzinfo=UTC))
    (after,) = events()
    assert after["sequence"] == before["sequence"] + 1

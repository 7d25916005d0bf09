"""期限の画面: whoever a late deadline is taken up to reads how it stands; nobody else does."""

import pytest
from django.test import Client

from tests.factories import NOON, post, request_to, section, user
from tests.workflow.deadline.factories import DUE, deadline
from workflow.deadline import parts, registry
from workflow.deadline.commands_done import report_done
from workflow.errors import NotAllowed, Unmet
from workflow.ledger.command import command
from workflow.models import AuditEntry, Deadline

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

ANSWERING = {"koho-tanto", "koho-kacho", "sogo-seisaku-tanto", "seisaku-bucho", "joho-tanto"}
STRANGERS = {"jinji-tanto", "bunsho-kacho", "somu-bucho", "shicho", "fuku-shicho-a"}


def set_for(group: object) -> Deadline:
    made = deadline(request_to("joho-kacho"), group=group)
    Deadline.objects.update(asked_by=section("joho").group)
    return made


def seen(client: Client, who: str, made: Deadline | int) -> object:
    client.force_login(user(who))
    pk = made if isinstance(made, int) else made.pk
    return client.get(f"/deadlines/{pk}/")


@pytest.mark.parametrize(
    "group, answering",
    [
        (lambda: section("koho").group, ANSWERING),
        (lambda: post("koho-kacho").group, ANSWERING - {"koho-tanto"}),
        (
            lambda: post("seisaku-bucho").group,
            {"seisaku-bucho", "sogo-seisaku-tanto", "joho-tanto"},
        ),
        (lambda: post("shicho").group, {"shicho", "joho-tanto"}),
    ],
    ids=["a section", "its chief", "a director", "the mayor"],
)
def test_who_answers_for_it_reads_it(client: Client, group, answering) -> None:
    made = set_for(group())
    for who in ANSWERING | STRANGERS | {"kansa", "kanri", "iin-1"}:
        status = 200 if who in answering | {"kansa"} else 403
        assert seen(client, who, made).status_code == status, who


def test_a_stranger_does_not_learn_whether_there_is_one(client: Client) -> None:
    made = set_for(section("koho").group)
    theirs, nothing = (seen(client, "jinji-tanto", which) for which in (made, made.pk + 1))
    assert made.title not in theirs.content.decode()
    assert theirs.status_code == nothing.status_code == 403
    assert theirs.context["reason"] == nothing.context["reason"]


def test_it_tells_how_it_stands_and_leads_on_only_who_may_go_on(client: Client) -> None:
    made = set_for(post("koho-kacho").group)
    before = AuditEntry.objects.count()
    director = seen(client, "seisaku-bucho", made).content.decode()
    for words in (made.title, "広報広聴課長", "令和8年12月4日(金)", "期限を定めました"):
        assert words in director
    assert made.link not in director
    assert made.link in seen(client, "koho-kacho", made).content.decode()
    assert AuditEntry.objects.count() == before


# Kinds that nothing else in here ends


def test_it_tells_to_whom_it_went(client: Client) -> None:
    subject, chief = request_to("joho-kacho"), post("joho-kacho").group
    made = deadline(subject)
    command(parts.hand_over)(subject, made.kind, group=chief, due_on=DUE, by=None, at=NOON)
    assert "移した先：情報システム課長" in seen(client, "joho-kacho", made).content.decode()


@pytest.fixture
def by_hand(monkeypatch: pytest.MonkeyPatch) -> Deadline:
    kind = registry.Kind("test.paper", "原稿", done="渡したことを記録する")
    monkeypatch.setitem(registry._kinds, kind.code, kind)
    return deadline(request_to("joho-kacho"), kind=kind.code, group=section("koho").group)


def test_whoever_was_asked_reports_it_done(client: Client, by_hand: Deadline) -> None:
    assert "渡したことを記録する" in seen(client, "koho-tanto", by_hand).content.decode()
    assert client.post(f"/deadlines/{by_hand.pk}/done/").status_code == 302
    assert Deadline.objects.get(pk=by_hand.pk).state == "met"
    assert "渡したことを記録する" not in seen(client, "koho-tanto", by_hand).content.decode()
    with pytest.raises(Unmet):
        report_done(deadline_id=by_hand.pk, by=user("koho-tanto"), at=NOON)


@pytest.mark.parametrize("who", ["seisaku-bucho", "kansa", "jinji-tanto", "kanri", "iin-1"])
def test_nobody_else_does(client: Client, by_hand: Deadline, who: str) -> None:
    page = seen(client, who, by_hand).content.decode()
    assert "渡したことを記録する" not in page
    assert client.post(f"/deadlines/{by_hand.pk}/done/").status_code == 403
    with pytest.raises(NotAllowed):
        report_done(deadline_id=by_hand.pk, by=user(who), at=NOON)
    assert Deadline.objects.get(pk=by_hand.pk).state == "open"


def test_what_an_act_ends_is_ended_by_that_act_alone(client: Client) -> None:
    made = deadline(request_to("joho-kacho"), group=section("koho").group)
    with pytest.raises(NotAllowed):
        report_done(deadline_id=made.pk, by=user("koho-tanto"), at=NOON)

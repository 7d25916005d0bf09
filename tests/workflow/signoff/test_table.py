"""States × acts × people: whatever is offered can be done, and nothing else can."""

from collections.abc import Iterator

import pytest
from django_fsm import TransitionNotAllowed

from tests.factories import NOON, user
from tests.workflow.signoff.lines import (
    ACTS,
    ON_REQUEST,
    act,
    as_kept,
    fresh,
    nothing_told,
    offered,
    replayed,
    sent_round,
    step_of,
    tried,
)
from workflow.errors import Invalid, NotAllowed, Refused, Unmet
from workflow.models import Request

pytestmark = pytest.mark.django_db

LINE = (
    "joho-kacho",
    "c:koho-kacho+c:jinji-kacho",
    "somu-bucho",
    "d:fuku-shicho-a",
    "i:zaisan-kacho",
)
SIGNERS = ("joho-kacho", "koho-kacho", "jinji-kacho", "somu-bucho", "fuku-shicho-a", "zaisan-kacho")
STRANGER = "shicho"
PEOPLE = ("joho-tanto", *SIGNERS, STRANGER, "kansa", "kanri")

WALK = {
    "fresh": "",
    "concurring": "joho-kacho:approve",
    "half": "joho-kacho:approve koho-kacho:concur",
    "heard": "joho-kacho:approve koho-kacho:dissent jinji-kacho:concur",
    "held": "joho-kacho:approve koho-kacho:dissent jinji-kacho:concur somu-bucho:hold",
    "deciding": "joho-kacho:approve koho-kacho:concur jinji-kacho:concur somu-bucho:approve",
    "back": "joho-kacho:approve koho-kacho:concur jinji-kacho:concur somu-bucho:approve"
    " fuku-shicho-a:send_back>joho-kacho",
    "straight": "joho-kacho:approve koho-kacho:concur jinji-kacho:concur somu-bucho:approve"
    " fuku-shicho-a:send_back>>joho-kacho",
    "returned": "joho-kacho:send_back",
    "decided": "joho-kacho:approve koho-kacho:concur jinji-kacho:concur somu-bucho:approve"
    " fuku-shicho-a:approve",
    "early": "joho-kacho:approve koho-kacho:concur jinji-kacho:concur fuku-shicho-a:pull_up",
    "rejected": "joho-kacho:approve koho-kacho:concur jinji-kacho:concur somu-bucho:approve"
    " fuku-shicho-a:reject",
    "withdrawn": "joho-tanto:withdraw",
}

SIGN, CONCUR = "approve send_back hold", "concur dissent send_back hold"
OFFERED = {
    "fresh": {"joho-kacho": SIGN, "joho-tanto": "pull_back withdraw"},
    "concurring": {
        "koho-kacho": CONCUR,
        "jinji-kacho": CONCUR,
        "joho-kacho": "pull_back",
        "joho-tanto": "withdraw",
    },
    "half": {"jinji-kacho": CONCUR, "koho-kacho": "pull_back", "joho-tanto": "withdraw"},
    "heard": {
        "somu-bucho": SIGN,
        "fuku-shicho-a": "pull_up",
        "jinji-kacho": "pull_back",
        "joho-tanto": "withdraw",
    },
    "held": {
        "somu-bucho": "approve send_back resume",
        "fuku-shicho-a": "pull_up",
        "jinji-kacho": "pull_back",
        "joho-tanto": "withdraw",
    },
    "deciding": {
        "fuku-shicho-a": f"{SIGN} reject",
        "somu-bucho": "pull_back",
        "joho-tanto": "withdraw",
    },
    "back": {"joho-kacho": SIGN, "joho-tanto": "pull_back withdraw"},
    "straight": {
        "joho-kacho": SIGN,
        "fuku-shicho-a": "pull_up",
        "joho-tanto": "pull_back withdraw",
    },
    "returned": {"joho-tanto": "redraft withdraw"},
    "decided": {"zaisan-kacho": "read"},
    "early": {"somu-bucho": "post_review", "zaisan-kacho": "read"},
    "rejected": {},
    "withdrawn": {},
}


def reach(state: str) -> Request:
    request = sent_round(*LINE)
    for word in WALK[state].split():
        who, _colon, name = word.partition(":")
        name, _arrow, target = name.partition(">")
        more = {}
        if target:
            more = {
                "to_step_id": step_of(request, target.lstrip(">")).pk,
                "rerun": not target.startswith(">"),
            }
        act(request, name, who, **more)
    return fresh(request)


def acts(request: Request) -> Iterator[tuple[str, str, dict[str, object]]]:
    """Every act on every step, by whose it is; every act once by somebody who has no part."""
    mine = {code: step_of(request, code).pk for code in SIGNERS}
    for name, (_command, words) in ACTS.items():
        for code, pk in mine.items():
            yield name, code, {"step_id": pk} | words
        yield name, STRANGER, {"step_id": mine["fuku-shicho-a"]} | words
    for name, (_command, words) in ON_REQUEST.items():
        for who in ("joho-tanto", "joho-kacho", "somu-bucho", STRANGER):
            yield name, who, {"request_id": request.pk} | words


COMMANDS = ACTS | ON_REQUEST


@pytest.mark.parametrize("state", WALK)
def test_what_is_offered_can_be_done_and_nothing_else(city: None, state: str) -> None:
    request = reach(state)
    assert replayed(request) == as_kept(request)
    found = {who: offered(request, who) for who in PEOPLE}
    wanted = {who: set(words.split()) for who, words in OFFERED[state].items()}
    assert {who: names for who, names in found.items() if names} == wanted

    people = {who: user(who) for who in PEOPLE}
    with nothing_told():
        for name, who, words in acts(request):
            refusal = tried(COMMANDS[name][0], by=people[who], at=NOON, **words)
            if who == STRANGER:
                assert refusal is NotAllowed, (who, name)
            elif name == "comment" or name in wanted.get(who, set()):
                assert refusal is None, (who, name)
            else:
                assert refusal in (NotAllowed, TransitionNotAllowed, Unmet), (who, name)
    assert replayed(request) == as_kept(request)


@pytest.mark.parametrize("name", [n for n, (_c, words) in COMMANDS.items() if words])
def test_a_negative_act_says_why(city: None, name: str) -> None:
    state = {"dissent": "concurring", "reject": "deciding"}.get(name, "fresh")
    request = reach(state)
    who = {"concurring": "koho-kacho", "deciding": "fuku-shicho-a", "fresh": "joho-kacho"}[state]
    who = "joho-tanto" if name == "withdraw" else who
    field = next(iter(COMMANDS[name][1]))
    with nothing_told(), pytest.raises(Invalid):
        act(request, name, who, **{field: " 　"})


def test_a_stale_page_is_refused_by_every_act(city: None) -> None:
    request = reach("deciding")
    with nothing_told():
        for name, who, words in acts(request):
            refusal = tried(COMMANDS[name][0], by=user(who), at=NOON, seen=1, **words)
            assert refusal is not None
            assert issubclass(refusal, Refused), (name, who, refusal)

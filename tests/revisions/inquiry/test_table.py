"""Every command of an inquiry: every state, every person."""

import pytest
from django_fsm import TransitionNotAllowed

from revisions.inquiry.states import TargetState as S
from tests.factories import user
from tests.revisions.inquiry import walk
from tests.revisions.inquiry.walk import counted, current, target_at
from workflow.audit.models import AuditEntry
from workflow.errors import NotAllowed, Unmet

pytestmark = pytest.mark.django_db

SECRETARIAT = ("joho-tanto", "joho-kacho")
ASKED = ("koho-tanto", "koho-kacho")
COORDINATING = ("sogo-seisaku-tanto", "sogo-seisaku-kacho")
OTHERS = ("kodomo-tanto", "fuku-shicho-a", "iin-1", "kansa", "kanri")
WRITING = {S.RECEIVED: S.RECEIVED, S.RETURNED: S.RETURNED}


def same(*states):
    return {state: state for state in states}


TABLE = {
    walk.receive: (ASKED, {S.PENDING_RECEIPT: S.RECEIVED}),
    walk.answer: (ASKED, WRITING),
    walk.unchanged: (ASKED, WRITING),
    walk.answer_questions: (ASKED, WRITING),
    walk.submit: (ASKED, {S.RECEIVED: S.IN_REVIEW, S.RETURNED: S.IN_REVIEW}),
    walk.accept: (SECRETARIAT, {S.ANSWERED: S.ACCEPTED}),
    walk.return_answer: (SECRETARIAT, {S.ANSWERED: S.RETURNED}),
    walk.waive: (
        SECRETARIAT,
        {S.PENDING_RECEIPT: S.WAIVED, S.RECEIVED: S.WAIVED, S.RETURNED: S.WAIVED},
    ),
    walk.extend: (SECRETARIAT, same(S.PENDING_RECEIPT, S.RECEIVED, S.RETURNED, S.IN_REVIEW)),
}


@pytest.mark.parametrize("state", walk.PATHS)
@pytest.mark.parametrize("act", TABLE, ids=lambda act: act.__name__)
def test_every_state_and_every_person(city, act, state):
    tried(act, target_at(state), *TABLE[act])


def tried(act, target, who, moves):
    """Everybody tries it; whoever may not, and in a state in which it can't be, changes nothing."""
    state = target.state
    for by in (*SECRETARIAT, *ASKED, *COORDINATING, *OTHERS):
        before = counted()
        if by not in who:
            with pytest.raises(NotAllowed):
                act(target, by=by)
        elif state not in moves:
            with pytest.raises((TransitionNotAllowed, Unmet)):
                act(target, by=by)
        else:
            continue
        assert counted() == before
        assert current(target).state == state
    if state in moves:
        act(target, by=who[0])
        assert current(target).state == moves[state]
        entry = AuditEntry.objects.filter(subject=target.key).latest("seq")
        assert entry.by == user(who[0])

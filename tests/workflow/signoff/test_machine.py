"""Random acts by random people over random routes: what must hold, holds."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django_fsm import TransitionNotAllowed
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests.factories import NOON, TODAY, circulating, post, user
from tests.workflow.signoff.lines import (
    ACTS,
    ON_REQUEST,
    ROLES,
    as_kept,
    away,
    deputise,
    offered,
    replayed,
)
from workflow.authority.about import About
from workflow.authority.line import Turn
from workflow.errors import Refused
from workflow.models import Absence, Appointment, Deputy, Request, Signature, Step, User
from workflow.signoff.policies import check_is_drafter

LINE = ("joho-kacho", "koho-kacho", "jinji-kacho", "somu-bucho", "zaisan-kacho")
DECIDERS = ("fuku-shicho-a", "shicho")
DEPUTIES = ("fuku-shicho-b", "fukushi-bucho")
PEOPLE = ("joho-tanto", *LINE, *DECIDERS, *DEPUTIES)
MOVING = {*ACTS, "withdraw", "redraft", "pull_back"} - {"post_review", "read"}

codes = st.lists(st.sampled_from(LINE), min_size=1, max_size=3, unique=True)
turns = st.lists(st.tuples(st.sampled_from(["", "c"]), codes, st.integers(0, 2)), max_size=4)
people = st.sampled_from(PEOPLE)


class Circulation(RuleBasedStateMachine):
    """One request. A post leaves, is absent, is held twice; people try whatever comes to mind."""

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.people = {name: user(name) for name in PEOPLE}
        deputise("fuku-shicho-a", *DEPUTIES)
        deputise("shicho", "fuku-shicho-b", kind="acting")

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.savepoint)

    @initialize(turns=turns, decider=st.sampled_from(DECIDERS), flagged=st.booleans())
    def send_round(self, turns: Any, decider: str, flagged: bool) -> None:
        steps = [
            Turn(order, ROLES[role], post(code), needed if len(group) > 1 else 0)
            for order, (role, group, needed) in enumerate(turns, 1)
            for code in group
        ]
        last = len(turns) + 1
        steps += [
            Turn(last, ROLES["d"], post(decider)),
            Turn(last + 1, ROLES["i"], post("koho-tanto")),
        ]
        about = About(flags=["important"] if flagged else [])
        self.request = circulating(steps, about=about)
        self.signatures, self.moved = 0, True

    @rule(who=people, name=st.sampled_from(sorted(ACTS)), pick=st.integers(0, 20))
    def act(self, who: str, name: str, pick: int) -> None:
        steps = list(self.request.steps.order_by("-attempt", "order", "pk"))
        self._try(*ACTS[name], who, step_id=steps[pick % len(steps)].pk)

    @rule(name=st.sampled_from(sorted(ACTS)), pick=st.integers(0, 20))
    def act_in_turn(self, name: str, pick: int) -> None:
        """Whose turn it is does it: at random, nobody would come far."""
        turn = list(self.request.steps.filter(state__in=["active", "held", "post_review_due"]))
        if turn:
            step = turn[pick % len(turn)]
            holder = User.objects.filter(
                appointments__in=Appointment.objects.on(TODAY).filter(post=step.post_id)
            ).first()
            if holder and holder.username in PEOPLE:
                self._try(*ACTS[name], holder.username, step_id=step.pk)

    @rule(pick=st.integers(0, 20), to=st.integers(0, 20), rerun=st.booleans())
    def send_back_to(self, pick: int, to: int, rerun: bool) -> None:
        turn = list(self.request.steps.filter(state__in=["active", "held"]))
        steps = list(self.request.steps.order_by("order", "pk"))
        if turn:
            step = turn[pick % len(turn)]
            more = {"to_step_id": steps[to % len(steps)].pk, "rerun": rerun}
            who = step.post.code
            if who in PEOPLE:
                self._try(*ACTS["send_back"], who, step_id=step.pk, **more)

    @rule(who=people, name=st.sampled_from(["comment", "pull_back"]))
    def act_on_all(self, who: str, name: str) -> None:
        self._try(*ON_REQUEST[name], who, request_id=self.request.pk)

    @rule(code=st.sampled_from(LINE + DECIDERS))
    def leave(self, code: str) -> None:
        Appointment.objects.filter(post__code=code, since__lt=TODAY).update(
            until=TODAY - timedelta(days=1)
        )
        self.moved = True

    @rule(code=st.sampled_from(LINE + DECIDERS))
    def be_absent(self, code: str) -> None:
        if not Absence.objects.filter(post__code=code).exists():
            away(code)

    @rule(who=people, code=st.sampled_from(LINE + DECIDERS))
    def hold_both(self, who: str, code: str) -> None:
        if not Appointment.objects.filter(user=self.people[who], post__code=code).exists():
            Appointment.objects.create(
                user=self.people[who], post=post(code), since=TODAY, is_concurrent=True
            )

    def _try(self, command: Any, words: dict[str, str], who: str, **more: Any) -> None:
        savepoint = transaction.savepoint()
        try:
            command(by=self.people[who], at=NOON, **words | more)
            self.moved = True
        except (Refused, TransitionNotAllowed):
            transaction.savepoint_rollback(savepoint)

    @invariant()
    def all_holds(self) -> None:
        if self.moved:  # what was refused is rolled back, and needs no second look
            self.one_decides()
            self.entries_tell_the_very_state()
            self.only_holders_and_deputies_sign()
            self.somebody_can_move_it()
            self.moved = False

    def one_decides(self) -> None:
        decided = Step.objects.filter(request=self.request, role="decider", state="approved")
        state = Request.objects.get(pk=self.request.pk).state
        assert decided.count() == (state == "decided")

    def entries_tell_the_very_state(self) -> None:
        assert replayed(self.request) == as_kept(self.request)

    def only_holders_and_deputies_sign(self) -> None:
        for row in Signature.objects.order_by("pk")[self.signatures :]:
            said = json.loads(row.statement)
            held = Appointment.objects.on(TODAY).filter(user=row.signer, post=said["post"]["id"])
            assert held.exists()
            if said["for_post"]:
                registered = Deputy.objects.on(TODAY).filter(
                    post=said["for_post"]["id"], deputy=said["post"]["id"], kind=said["acting_as"]
                )
                assert registered.exists()
                assert row.step.role == "decider"
                if said["acting_as"] == "substitute":
                    assert self.request.flags == [] == said["dissents"]
                    assert not self._passed_over_and_there(row)
            else:
                assert said["post"]["id"] == row.step.post_id
            self.signatures += 1

    def _passed_over_and_there(self, row: Signature) -> bool:
        """Whether the act of a signature passed over somebody who is there."""
        passed = self.request.steps.filter(
            entry=row.step.entry, state="post_review_due", role="line"
        )
        away = Absence.objects.on(TODAY).values("post")
        there = Appointment.objects.on(TODAY).filter(user__is_active=True).values("post")
        return passed.filter(post__in=there).exclude(post__in=away).exists()

    def somebody_can_move_it(self) -> None:
        """Somebody has the turn, and whoever of them is there can act; the drafter always can."""
        request = Request.objects.select_related("drafter_post").get(pk=self.request.pk)
        if request.state != "circulating":
            return
        drafter = self.people["joho-tanto"]
        assert check_is_drafter(drafter, request, TODAY)
        at_post = Appointment.objects.on(TODAY).filter(user__in=self.people.values())
        turn = request.steps.filter(attempt=request.attempt, state__in=["active", "held"])
        assert turn.exists()
        own = at_post.filter(post__in=turn.values("post")).select_related("user").first()
        if own:
            assert offered(request, own.user.username) & MOVING


@pytest.mark.django_db
def test_random_acts_break_nothing(city: None) -> None:
    run_state_machine_as_test(
        Circulation,
        settings=settings(
            max_examples=12,
            stateful_step_count=20,
            deadline=None,
            database=None,
            phases=[Phase.generate],  # shrinking a walk of commands would take minutes
            suppress_health_check=list(HealthCheck),
        ),
    )

"""A mail server that refuses, stalls or drops: people are told on screen, by mail later."""

import pytest

from tests.chaos import oracle
from tests.chaos.world import World

pytestmark = [pytest.mark.postgres, pytest.mark.full]

STAGES = ["HELO", "MAIL", "RCPT", "DATA"]


@pytest.fixture
def world(world_with):
    return world_with("redis")


def test_killed_when_the_server_has_taken_it_in_it_comes_once_more(world: World) -> None:
    world.mail_mode("hold")
    world.swarm.role("ring")
    worker = world.swarm.worker("worker-solo", "--pool", "solo")
    assert world.comes(world.mails)
    [first] = world.mails()
    worker.kill()
    world.mail_mode("well")
    worker.start()
    assert world.comes(world.told_on_screen), world.waiting()
    world.settle_mails()
    world.check_told_once()
    assert world.mails()[first] == 2
    world.check_mailed(repeats=1)


@pytest.mark.parametrize("mode", ["refuse", "gone", *(f"stall:{stage}" for stage in STAGES)])
def test_it_takes_nothing_in(world: World, mode: str) -> None:
    world.mail_mode(mode)
    world.swarm.role("ring")
    world.workers()
    assert world.comes(world.told_on_screen), world.waiting()
    assert world.comes(world.went_astray), "no mail was tried"
    assert not world.mails()
    world.mail_mode("well")
    assert world.comes(world.nobody_sends)
    world.settle_mails()
    world.check_told_once()
    world.check_mailed(repeats=0)


def test_it_drops_the_line_after_it_has_taken_a_mail_in(world: World) -> None:
    world.mail_mode("drop")
    world.swarm.role("ring")
    world.workers()
    assert world.comes(lambda: world.mails().total() > 2)
    world.mail_mode("well")
    dropped = world.mails().total()
    assert world.comes(world.told_on_screen), world.waiting()
    world.settle_mails()
    world.check_told_once()
    world.check_mailed(repeats=dropped + 2)  # two workers may each be at one more


def test_it_drops_the_line_after_every_mail_none_comes_a_third_time(world: World) -> None:
    world.mail_mode("drop")
    world.swarm.role("ring")
    world.workers()
    assert world.comes(world.told_on_screen), world.waiting()
    for _ in range(4):
        world.try_mails_again()
    world.check_told_once()
    lost = "SELECT event_id, user_id FROM notifications_delivery WHERE state = 'dead'"
    assert sorted(world.database.rows(lost)) == oracle.to_be_mailed(world.database)
    assert set(world.mails().values()) == {2}


def test_a_mail_that_kills_its_worker_again_and_again_ends_dead(world: World) -> None:
    world.mail_mode("hold")
    world.swarm.role("ring")
    worker = world.swarm.worker("worker-solo", "--pool", "solo")
    assert world.comes(world.mails)
    [poison] = world.mails()
    world.mail_mode(f"hold:{poison}")

    def state() -> tuple[str, int, str]:
        of = f"FROM notifications_delivery WHERE id = {poison}"
        [(state, attempts, error)] = world.database.rows(f"SELECT state, attempts, error {of}")
        return state, attempts, error

    for kill in (1, 2):
        assert world.comes(lambda kill=kill: world.mails()[poison] == kill)
        worker.kill()  # -9, in the middle of this mail
        worker.start()
        world.let_leases_end(f"id = {poison}")
        assert world.comes(lambda kill=kill: state()[1] == kill)  # found
        world.let_leases_end(f"id = {poison}")  # its pause is over
    assert state() == ("dead", 2, "interrupted")
    world.settle_mails()
    world.check_told_once()
    assert {times for pk, times in world.mails().items() if pk != poison} == {1}
    assert world.mails()[poison] == 2
    of = f"FROM notifications_delivery WHERE id = {poison}"
    [lost] = world.database.rows(f"SELECT event_id, user_id {of}")
    assert sorted([*oracle.mailed(world.database), lost]) == oracle.to_be_mailed(world.database)

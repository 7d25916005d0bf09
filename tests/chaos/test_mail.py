"""A mail server that refuses, stalls or drops: people are told on screen, by mail later."""

import os
import signal
import time

import pytest
from django.conf import settings

from notifications.dispatch import SETTLED
from tests.chaos.world import World

pytestmark = [pytest.mark.postgres, pytest.mark.full]

STAGES = ["HELO", "MAIL", "RCPT", "DATA"]


@pytest.fixture
def world(world_with):
    return world_with("redis")


def test_killed_between_the_servers_ok_and_ours_it_comes_once_more(world: World) -> None:
    world.mail_mode("hold")
    world.swarm.role("ring")
    worker = world.swarm.worker("worker-solo", "--pool", "solo")
    assert world.comes(world.mails)
    [first] = world.mails()
    with world.database.locked("notifications_delivery", first):  # what the server's OK leads to
        world.mail_mode("well")
        assert world.comes(world.database.somebody_waits)
        os.kill(worker.running.pid, signal.SIGKILL)
        worker.running.wait()
    worker.start()
    assert world.comes(world.told_on_screen), world.waiting()
    world.settle_mails()
    world.check_told_once()
    assert world.mails()[first] == 2
    world.check_mailed(repeats=SETTLED)


@pytest.mark.parametrize("mode", ["refuse", "gone", *(f"stall:{stage}" for stage in STAGES)])
def test_it_takes_nothing_in(world: World, mode: str) -> None:
    world.mail_mode(mode)
    world.swarm.role("ring")
    world.workers()
    assert world.comes(world.told_on_screen), world.waiting()
    assert not world.mails()
    world.mail_mode("well")
    time.sleep(settings.EMAIL_TIMEOUT + 1)  # whoever is held by it has given up
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

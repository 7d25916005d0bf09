"""Workers killed while the day's digests are made, and while they go."""

import pytest

from notifications.states import Way
from tests.chaos import oracle
from tests.chaos.world import World

ACTS = 50
SENDERS = 3  # processes of the workers, each in the middle of one mail at most

pytestmark = [pytest.mark.postgres, pytest.mark.full]


def test_killed_twice_everybody_gets_one_digest_that_tells_the_same(world_with) -> None:
    world: World = world_with("redis", Way.DIGEST)
    gathered(world)
    [(first,)] = world.database.rows(
        "SELECT id FROM notifications_delivery WHERE state = 'held' ORDER BY user_id, id LIMIT 1"
    )
    world.mail_mode("hold")
    with world.database.locked("notifications_delivery", first) as somebody_waits:
        world.set_clock(hours=1)
        assert world.comes(somebody_waits)  # in the middle of making it
        world.swarm.kill_workers()
    before = world.mails().total()
    assert world.comes(lambda: world.mails().total() > before)  # taken in, not answered
    world.swarm.kill_workers()
    world.mail_mode("well")
    world.settle_mails()
    world.check_told_once()
    world.check_mailed(repeats=2 * SENDERS)
    digests = oracle.digests(world.database)
    assert sorted(digests.values()) == sorted(oracle.to_be_gathered(world.database))
    assert any(times == 2 for pk, times in world.mails().items() if pk in digests)
    world.check_trail()


def gathered(world: World) -> None:
    """Have acts told on screen, and whatever is urgent by mail: what is left waits for 13:00."""
    world.swarm.role("write", "1")
    world.swarm.role("ring")
    world.workers()
    world.supervised = True
    assert world.comes(lambda: len(world.acts()) >= ACTS)
    world.swarm.stop("write")
    assert world.comes(lambda: world.waiting()[:3] == (0, 0, 0)), world.waiting()

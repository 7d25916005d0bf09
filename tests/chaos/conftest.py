import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from notifications.states import Way
from tests.chaos.brokers import BROKERS
from tests.chaos.database import PostgresDatabase
from tests.chaos.world import World

FULL = "KILLS" in os.environ  # make chaos


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.django_db)  # sets the database up, of which ours is a copy
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.chaos)
            if item.get_closest_marker("full") and not FULL:
                item.add_marker(pytest.mark.skip(reason="takes minutes: make chaos"))


@pytest.fixture
def world_with(tmp_path: Path, db: None) -> Iterator[Callable[..., World]]:
    """`world_with("rabbitmq")`: one on PostgreSQL with that broker, its deadlines laid.

    Everybody is mailed at once, or in the way that is given.
    """
    made: list[World] = []

    def make(broker: str, way: Way = Way.AT_ONCE) -> World:
        served = BROKERS[broker](tmp_path)
        made.append(World(tmp_path, PostgresDatabase("chaos"), served))
        made[0].lay(way)
        return made[0]

    yield make
    for world in made:
        world.end()


@pytest.fixture(params=["redis", "rabbitmq"])
def world(request: pytest.FixtureRequest, world_with: Callable[..., World]) -> World:
    return world_with(request.param)

import pytest

from notifications.hooks import posting
from notifications.hooks.commands import register_webhook
from tests.factories import NOON, user
from tests.notifications.hooks.receiver import listening


@pytest.fixture
def receiver(settings, monkeypatch):
    """Allowed as what this installation may send to, with little patience."""
    monkeypatch.setattr(posting, "TIMEOUT", 0.5)
    with listening() as server:
        settings.WEBHOOK_HOSTS = [server.origin]
        yield server


@pytest.fixture
def hook(receiver, city):
    """Told of stages and deadlines."""
    return register_webhook(
        name="グループウェア",
        url=receiver.url,
        areas=["stage", "deadline"],
        by=user("kanri"),
        at=NOON,
    )

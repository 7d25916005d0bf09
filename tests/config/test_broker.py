"""A worker goes on although Redis did not answer an acknowledgement."""

from types import SimpleNamespace

import pytest
from kombu.transport import redis

import config.celery  # noqa: F401  as every worker does


def test_a_message_whose_acknowledgement_failed_holds_no_place(monkeypatch):
    qos = redis.Channel.QoS(SimpleNamespace(do_restore=False), prefetch_count=1)
    qos._delivered["tag"] = "message"
    assert not qos.can_consume()

    def fails(*_):
        raise TimeoutError

    monkeypatch.setattr(qos, "_remove_from_indices", fails)
    with pytest.raises(TimeoutError):
        qos.ack("tag")
    assert qos.can_consume()

"""What Redis as a broker needs besides what Celery brings."""

from typing import Any

from kombu.transport import redis, virtual


class QoS(redis.QoS):
    """Lets go of a message although Redis did not answer its acknowledgement in time.

    Otherwise it counts as in work for ever: once there are as many as are fetched ahead, the worker
    asks for no more, and says nothing. Redis gives it back later, when it has expired.
    """

    def ack(self, delivery_tag: Any) -> None:
        try:
            super().ack(delivery_tag)
        except Exception:
            virtual.QoS.ack(self, delivery_tag)
            raise


redis.Channel.QoS = QoS

"""Django's SMTP, more patient once a mail is handed over, and plain about what may have arrived."""

from smtplib import SMTP, SMTP_SSL, SMTPServerDisconnected
from socket import socket
from typing import Any

from django.core.mail.backends import smtp

SCANNED = 6
"""How many times as long as any other answer the one to a mail's text may take: it is scanned."""


class Unanswered(SMTPServerDisconnected):
    """The line broke, or the time was over, after the text was begun: it may have been taken in."""


class _Patient(SMTP):
    sock: socket

    def data(self, msg: Any) -> tuple[int, bytes]:
        usual = self.sock.gettimeout()
        self.sock.settimeout(usual and usual * SCANNED)
        try:
            answer = super().data(msg)
        except SMTPServerDisconnected as lost:
            raise Unanswered(*lost.args) from lost
        self.sock.settimeout(usual)
        return answer


class _Secured(_Patient, SMTP_SSL):
    pass


class EmailBackend(smtp.EmailBackend):
    @property
    def connection_class(self) -> type[SMTP]:
        return _Secured if self.use_ssl else _Patient

"""電子メール, for who has an address and wants it. What is told here stands on screen too."""

from dataclasses import dataclass
from email.encoders import encode_base64
from email.header import Header
from functools import lru_cache
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.message import RFC5322_EMAIL_LINE_LENGTH_LIMIT
from django.template.loader import render_to_string

from notifications.channels.jis import charset_for
from notifications.channels.letter import Letter, letter_of
from notifications.channels.smtp import Unanswered
from notifications.queries_mail import Around, Mail

BUDGET = 30
"""Seconds after which no more mails are begun: the lease of those that are left must not end."""
ERROR_LENGTH = 200


@dataclass(frozen=True)
class Outcome:
    """What became of a mail.

    error           what went wrong, or ""
    is_final        the server will never take it for this recipient
    is_doubtful     the server may have taken it, and did not say so
    server_is_gone  it was not even asked
    """

    mail: Mail
    error: str = ""
    is_final: bool = False
    is_doubtful: bool = False
    server_is_gone: bool = False


class Message(EmailMultiAlternatives):
    """Folds its subject within 76 signs, the name of the header counted; breaks no long line.

    Django leaves the name out; the first line is then empty, and read back as a space. In
    ISO-2022-JP it lets a line be of any length, and servers break one of over 998 bytes anywhere.
    """

    def message(self, **asked: Any) -> Any:
        made = super().message(**asked)
        made.replace_header("Subject", _folded(str(self.subject), self.encoding))
        for part in self._too_wide(made):
            del part["Content-Transfer-Encoding"]
            encode_base64(part)
        return made

    def _too_wide(self, made: Any) -> list[Any]:
        texts = [part for part in made.walk() if not part.is_multipart()]
        return [
            part
            for part in texts
            if max(map(len, part.get_payload().split("\n"))) > RFC5322_EMAIL_LINE_LENGTH_LIMIT
        ]


@lru_cache(maxsize=8)
def _folded(subject: str, charset: Any) -> str:
    return Header(subject, charset, maxlinelen=76, header_name="Subject").encode()


class Line:
    """A connection to the mail server for some mails, a new one after each failure.

    is_gone  no connection could be had
    """

    def __init__(self, around: Around) -> None:
        self._around, self._until = around, monotonic() + BUDGET
        self._server: Any = get_connection()
        self.is_gone = False

    @property
    def is_over(self) -> bool:
        """No more mails are to be begun."""
        return self.is_gone or monotonic() > self._until

    def send(self, mail: Mail) -> Outcome:
        outcome = _send(self._server, mail, self._around)
        self.is_gone = outcome.server_is_gone
        if outcome.error:
            self.close()
        return outcome

    def close(self) -> None:
        self._server.close()


def message_of(mail: Mail, around: Around) -> Message:
    """Return the mail, in MAIL_CHARSET where that can write all of it, else in UTF-8."""
    charset, (subject, text, html) = _texts(letter_of(mail, around), settings.MAIL_CHARSET)
    leader = mail.leader
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(" >")
    headers = {
        "Message-ID": f"<{leader.pk}.{leader.event.entry.hash[:16]}@{domain}>",
        "List-Id": f"Kaitei <kaitei.{domain}>",
        "Auto-Submitted": "auto-generated",
    }
    message = Message(subject, text, to=[leader.user.email], headers=headers)
    message.attach_alternative(html, "text/html")
    message.encoding = charset
    return message


@lru_cache(maxsize=8)
def _texts(letter: Letter, wished: str) -> tuple[str, list[str]]:
    """Return the charset, subject, text and HTML. Many are told of one event in the same words."""
    said = {"letter": letter}
    texts = [render_to_string(f"notifications/mail.{kind}", said) for kind in ("txt", "html")]
    return charset_for([letter.subject, *texts], wished)


def _send(server: Any, mail: Mail, around: Around) -> Outcome:
    """Tell what went wrong: one mail that cannot be made must not keep back the others."""
    try:
        message = message_of(mail, around)
    except Exception as failed:
        return Outcome(mail, _words(failed))
    try:
        server.open()
    except OSError as failed:
        return Outcome(mail, _words(failed), server_is_gone=True)
    try:
        server.send_messages([message])
    except Exception as failed:
        doubtful = isinstance(failed, Unanswered)
        return Outcome(mail, _words(failed), is_final=_is_final(failed), is_doubtful=doubtful)
    return Outcome(mail)


def _is_final(failed: Exception) -> bool:
    """Tell whether this recipient is refused for good.

    5.7 is the server's policy: it refuses us, and may take all of them once that is mended.
    """
    if not isinstance(failed, SMTPRecipientsRefused):
        return False
    code, said = next(iter(failed.recipients.values()))
    return code >= 500 and not said.startswith(b"5.7.")


def _words(failed: Exception) -> str:
    """Without the address, which stands elsewhere."""
    if isinstance(failed, SMTPRecipientsRefused):
        code, said = next(iter(failed.recipients.values()))
        return _answer("RCPT", code, said)
    if isinstance(failed, SMTPResponseException):
        return _answer(type(failed).__name__, failed.smtp_code, failed.smtp_error)
    return f"{type(failed).__name__}: {failed}"[:ERROR_LENGTH]


def _answer(where: str, code: int, said: bytes | str) -> str:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return f"{where} {code} {text}"[:ERROR_LENGTH]

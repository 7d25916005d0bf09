"""電子メール, for who has an address and wants it. What is told here stands on screen too."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.header import Header
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string

from notifications.channels.jis import charset_for
from notifications.channels.letter import letter_of
from notifications.queries_mail import Around, Mail

BUDGET = 30
"""Seconds after which no more mails are begun, since what was leased must be sent by then."""
ERROR_LENGTH = 200


@dataclass(frozen=True)
class Outcome:
    """What became of a mail.

    error           what went wrong, or ""
    is_final        the server will never take it for this recipient
    server_is_gone  it was not even asked
    """

    mail: Mail
    error: str = ""
    is_final: bool = False
    server_is_gone: bool = False


class Message(EmailMultiAlternatives):
    """Folds its subject within 76 signs, the name of the header counted.

    Django leaves the name out; the first line is then empty, and read back as a space.
    """

    def message(self, **asked: Any) -> Any:
        made = super().message(**asked)
        subject = Header(str(self.subject), self.encoding, maxlinelen=76, header_name="Subject")
        made.replace_header("Subject", subject.encode())
        return made


def send_each(mails: Sequence[Mail], around: Around) -> Iterator[Outcome]:
    """Send over one connection, a new one after each failure; yield what became of each.

    Ends early when no connection can be had, or the time is over: what was not tried is not
    yielded.
    """
    if not mails:
        return
    server, until = get_connection(), monotonic() + BUDGET
    try:
        for mail in mails:
            if monotonic() > until:
                return
            outcome = _send(server, mail, around)
            yield outcome
            if outcome.server_is_gone:
                return
            if outcome.error:
                server.close()
    finally:
        server.close()


def message_of(mail: Mail, around: Around) -> Message:
    """Return the mail, in MAIL_CHARSET where that can write all of it, else in UTF-8."""
    letter = letter_of(mail, around)
    texts = [
        letter.subject,
        render_to_string("notifications/mail.txt", {"letter": letter}),
        render_to_string("notifications/mail.html", {"letter": letter}),
    ]
    charset, (subject, text, html) = charset_for(texts, settings.MAIL_CHARSET)
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
        return Outcome(mail, _words(failed), is_final=_is_final(failed))
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

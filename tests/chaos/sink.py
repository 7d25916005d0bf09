"""A mail server as a process of its own: `python -m tests.chaos.sink FOLDER`.

It writes its port to FOLDER/port, and each mail it has taken in to FOLDER/mails before it answers,
one a line: {"id": Message-ID, "to": addresses, "events": what it tells, "text": hash of the rest}.
Each time it does something else than that, it says so in FOLDER/astray; FOLDER/lines is how many
are connected. It behaves as FOLDER/mode says at that moment:

    well                          takes in what comes
    refuse                        answers 451 to every mail
    gone                          closes each connection at once
    stall:HELO|MAIL|RCPT|DATA     does not answer from that stage on
    drop                          takes the mail in, and closes the connection instead of answering
    hold                          takes the mail in, and answers when the mode is another
    hold:ID                       the same with the mail that this delivery leads, and no other
"""

import asyncio
import json
import re
import sys
from email import message_from_bytes
from email.message import Message
from hashlib import sha256
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

FOREVER = 3600


class Handler:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lines = 0
        self.count(0)

    @property
    def mode(self) -> str:
        return (self.folder / "mode").read_text()

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, name: str, responses: list[str]
    ) -> list[str]:
        session.host_name = name
        if self.mode == "gone":
            self.go_astray()
            server.transport.abort()
        await self.stall("HELO")
        return responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await self.stall("MAIL")
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await self.stall("RCPT")
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        await self.stall("DATA")
        if self.mode == "refuse":
            self.go_astray()
            return "451 try again later"
        mail = message_from_bytes(envelope.content or b"")
        with (self.folder / "mails").open("a") as taken:
            taken.write(f"{json.dumps(said_of(mail, envelope.rcpt_tos))}\n")
        if self.mode == "drop":
            self.go_astray()
            server.transport.abort()
        held = "hold", f"hold:{mail['Message-ID'].strip('<').partition('.')[0]}"
        while self.mode in held:
            await asyncio.sleep(0.02)
        return "250 OK"

    async def stall(self, stage: str) -> None:
        if self.mode == f"stall:{stage}":
            self.go_astray()
            await asyncio.sleep(FOREVER)

    def count(self, more: int) -> None:
        """Count the lines that are open."""
        self.lines += more
        new = self.folder / "lines.new"
        new.write_text(str(self.lines))
        new.rename(self.folder / "lines")

    def go_astray(self) -> None:
        with (self.folder / "astray").open("a") as said:
            said.write(f"{self.mode}\n")


class Counted(SMTP):
    """Counts its lines; those of a process that was killed end with it."""

    event_handler: Handler

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.event_handler.count(1)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.event_handler.count(-1)
        super().connection_lost(error)


def said_of(mail: Message, to: list[str]) -> dict[str, Any]:
    bodies: list[Any] = [part.get_payload(decode=True) for part in mail.walk()]
    texts = [body for body in bodies if body is not None]
    told = re.findall(rb"/notices/(\d+)/", texts[0])
    said = b"\n".join([str(mail["Subject"]).encode(), *texts])
    return {
        "id": mail["Message-ID"],
        "to": to,
        "events": [int(event) for event in told],
        "text": sha256(said).hexdigest(),
    }


async def serve(folder: Path) -> None:
    loop = asyncio.get_running_loop()
    handler: Any = Handler(folder)
    server = await loop.create_server(
        lambda: Counted(handler, enable_SMTPUTF8=True, loop=loop), "127.0.0.1", 0
    )
    (folder / "port").write_text(str(server.sockets[0].getsockname()[1]))
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))

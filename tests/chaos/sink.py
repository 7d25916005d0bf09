"""A mail server as a process of its own: `python -m tests.chaos.sink FOLDER`.

It writes its port to FOLDER/port, each mail it has taken in to FOLDER/mails (one a line: its
Message-ID, and the events it tells) before it answers, and behaves as FOLDER/mode says at that
moment:

    well                          takes in what comes
    refuse                        answers 451 to every mail
    gone                          closes each connection at once
    stall:HELO|MAIL|RCPT|DATA     does not answer from that stage on
    drop                          takes the mail in, and closes the connection instead of answering
    hold                          takes the mail in, and answers when the mode is another
    hold:ID                       the same with the mail that this delivery leads, and no other
"""

import asyncio
import re
import sys
from email import message_from_bytes
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

FOREVER = 3600


class Handler:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def mode(self) -> str:
        return (self.folder / "mode").read_text()

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, name: str, responses: list[str]
    ) -> list[str]:
        session.host_name = name
        if self.mode == "gone":
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
            return "451 try again later"
        mail = message_from_bytes(envelope.content or b"")
        text: Any = next(part for part in mail.walk() if part.get_content_type() == "text/plain")
        told = re.findall(rb"/notices/(\d+)/", text.get_payload(decode=True))
        with (self.folder / "mails").open("a") as taken:
            taken.write(f"{mail['Message-ID']} {b' '.join(told).decode()}\n")
        if self.mode == "drop":
            server.transport.abort()
        held = "hold", f"hold:{mail['Message-ID'].strip('<').partition('.')[0]}"
        while self.mode in held:
            await asyncio.sleep(0.02)
        return "250 OK"

    async def stall(self, stage: str) -> None:
        if self.mode == f"stall:{stage}":
            await asyncio.sleep(FOREVER)


async def serve(folder: Path) -> None:
    loop = asyncio.get_running_loop()
    handler: Any = Handler(folder)
    server = await loop.create_server(
        lambda: SMTP(handler, enable_SMTPUTF8=True, loop=loop), "127.0.0.1", 0
    )
    (folder / "port").write_text(str(server.sockets[0].getsockname()[1]))
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))

"""紙の決裁: what a paper says, as it is kept."""

from dataclasses import dataclass
from datetime import date

from workflow.audit.chain import digest
from workflow.deadline.era import era_date
from workflow.people.models import Post


@dataclass(frozen=True)
class PaperDecision:
    """A decision as its paper says it.

    decider  the post that decided
    name     of the person, as it is written there
    line     the other seals (回議・合議), as they are written there
    number   文書番号 written there; "" when there is none, and a new one is given
    reason   why it was not decided here
    scan     name and bytes of the copy
    """

    decided_on: date
    decider: Post
    name: str
    reason: str
    scan: tuple[str, bytes]
    line: str = ""
    number: str = ""

    @property
    def sha256(self) -> str:
        return digest(self.scan[1])

    def wording(self) -> str:
        """Return what is kept of it beside its copy. Japanese."""
        said = [
            ("決裁の方法", "紙による決裁（後日登録）"),
            ("決裁日", era_date(self.decided_on)),
            ("決裁者", f"{self.decider.name}　{self.name}"),
            ("回議・合議", "、".join(self.line.splitlines())),
            ("紙の文書番号", self.number),
            ("後日登録の理由", self.reason),
            ("原本の写し", file_name(self.scan[0])),
            ("SHA-256", self.sha256),
        ]
        return "\n".join(f"{term}：{words}" for term, words in said if words)


def file_name(name: str) -> str:
    """Return a name without a path, control characters or undue length."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in last if c.isprintable())[-120:] or "scan"

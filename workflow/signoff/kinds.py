"""What happens in the domain when a request ends: a static table, filled by revisions/kinds.py."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflow.authority.resolve import Facts
from workflow.deadline import registry
from workflow.errors import Missing, Unmet
from workflow.signoff.gates_record import PAPER
from workflow.signoff.models import Request
from workflow.signoff.standing import DEADLINE, RULE, acting_at

Effect = Callable[..., None]


def nothing(request: Request, *args: object, **kwargs: object) -> None:
    """The kind does not mind."""


def where_it_is_shown(request: Request) -> str:
    return request.link


def no_lock(request_id: int) -> None:
    """Nothing of the domain hangs on it."""


def its_page(request: Request) -> str:
    return reverse("correct", args=[request.pk])


def no_page(request: Request) -> str:
    return ""


def its_body(request: Request) -> str:
    return request.content.body


def its_facts(request: Request) -> Facts:
    return Facts(request.kind, frozenset(request.flags), request.amount)


def as_typed(request: Request, text: str) -> str:
    return text


@dataclass(frozen=True)
class Correction:
    """How a decided request of a kind is corrected by a new one (訂正), inside its command.

    page       returns where it is written; "" where it can't be: (request)
    lock       takes the domain's locks, which come before the request's: (id of the request)
    check      raises Unmet when it is too late: (request)
    text       returns the words to be written anew: (request)
    body       returns the content to be signed: (request, text)
    facts      returns what the decision table is asked: (request)
    circulated  tells the domain that a correction goes round: (request, correction, *, text)
    """

    page: Callable[[Request], str] = its_page
    lock: Callable[[int], None] = no_lock
    check: Callable[[Request], None] = nothing
    text: Callable[[Request], str] = its_body
    body: Callable[[Request, str], str] = as_typed
    facts: Callable[[Request], Facts] = its_facts
    circulated: Callable[..., None] = nothing


def refuse(request: Request) -> None:
    """Most kinds have a way of their own to put right what was decided."""
    missing = [Missing(_("対象の画面を開く"), request.link)]
    raise Unmet(_("この種類の決裁は、対象の画面で直し、改めて決裁を受けてください。"), missing)


NONE = Correction(page=no_page, check=refuse)


@dataclass(frozen=True)
class Kind:
    """Effects take (request, *, by, at, reason) and run inside the signer's transaction.

    template  shows the signed body, parsed as JSON, as `content`; plain text without one
    redraft   returns where the drafter mends what came back
    numbered  whether a decision takes a 文書番号
    tells_back  whether `sent_back` and `rejected` tell whoever mends it, with the reason: nobody
              is told of the same act twice
    correction  how what was decided is corrected
    """

    code: str
    label: str | Promise
    decided: Effect
    sent_back: Effect = nothing
    rejected: Effect = nothing
    pulled_back: Effect = nothing
    withdrawn: Effect = nothing
    template: str = ""
    redraft: Callable[[Request], str] = where_it_is_shown
    numbered: bool = False
    tells_back: bool = False
    correction: Correction = NONE


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _kinds[kind.code] = kind


def _entered_again(request: Request) -> str:
    return f"{reverse('back_enter')}?corrects={request.pk}"


def _by_paper(request: Request, text: str = "") -> NoReturn:
    """It has no words to be signed anew."""
    missing = [Missing(_("正しい内容を登録する"), _entered_again(request))]
    raise Unmet(_("紙の決裁の登録は、正しい内容をもう一度登録して訂正します。"), missing)


register(
    Kind(
        PAPER,
        gettext_lazy("紙の決裁"),
        decided=nothing,
        numbered=True,
        correction=Correction(page=_entered_again, text=_by_paper, body=_by_paper),
    )
)


registry.register(
    registry.Kind(
        DEADLINE,
        gettext_lazy("決裁"),
        act=gettext_lazy("原文を読み、決裁欄の処理を済ませてください。"),
        told=True,
        steps=RULE,
        opens=("holder", "secretariat"),
        acting=acting_at,
    )
)


def kind_of(request: Request) -> Kind:
    return _kinds[request.kind]


def choices() -> list[tuple[str, str | Promise]]:
    """Every kind there is, for a form to choose from."""
    return [(kind.code, kind.label) for kind in _kinds.values()]

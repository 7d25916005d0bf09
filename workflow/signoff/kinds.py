"""What happens in the domain when a request ends: a static table, filled by revisions/kinds.py."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from workflow.signoff.models import Request

Effect = Callable[..., None]


def nothing(request: Request, **kwargs: object) -> None:
    """The kind does not mind."""


def where_it_is_shown(request: Request) -> str:
    return request.link


@dataclass(frozen=True)
class Kind:
    """Effects take (request, *, by, at, reason) and run inside the signer's transaction.

    template  shows the signed body, parsed as JSON, as `content`; plain text without one
    redraft   returns where the drafter mends what came back
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


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _kinds[kind.code] = kind


def kind_of(request: Request) -> Kind:
    return _kinds[request.kind]

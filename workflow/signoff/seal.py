"""署名文: the canonical statement that a signature binds. Pure."""

from collections.abc import Mapping, Sequence

from workflow.audit.chain import canonical, digest

DOMAIN = "kaitei/signoff/v2"


def statement(
    *,
    request: int,
    step: int,
    attempt: int,
    signer: tuple[int, str],
    post: tuple[int, str],
    meaning: str,
    content_sha256: str,
    about: Mapping[str, object],
    corrects: Mapping[str, object] | None,
    at: str,
    comment: str,
    for_post: tuple[int, str] | None = None,
    acting_as: str = "",
    basis: str = "",
    with_step: int | None = None,
    dissents: Sequence[Mapping[str, str]] = (),
) -> str:
    """Return what is signed: signer, post, meaning, time, the digest of the bytes shown, 区分.

    signer, post  (id, name as it was at the act)
    for_post      the absent principal's post, whose place the signer takes; None for one's own
    acting_as     代決 or 職務代理, by the rule in `basis`
    with_step     the step whose signature is this one too, its signer holding both posts (兼務)
    dissents      what a decider decided in the face of: post, signer, comment_sha256
    about         what the request says of itself
    corrects      the request that it corrects, its content and the reason; None for most
    at            ISO 8601 with offset
    """
    return canonical(
        {
            "domain": DOMAIN,
            "request": request,
            "step": step,
            "attempt": attempt,
            "signer": {"id": signer[0], "name": signer[1]},
            "post": {"id": post[0], "name": post[1]},
            "meaning": meaning,
            "content_sha256": content_sha256,
            "about": dict(about),
            "corrects": dict(corrects) if corrects else None,
            "at": at,
            "comment_sha256": digest(comment),
            "for_post": {"id": for_post[0], "name": for_post[1]} if for_post else None,
            "acting_as": acting_as,
            "basis": basis,
            "with_step": with_step,
            "dissents": [dict(dissent) for dissent in dissents],
        }
    )

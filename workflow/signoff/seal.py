"""署名文: the canonical statement that a signature binds. Pure."""

from workflow.audit.chain import canonical, digest

DOMAIN = "kaitei/signoff/v1"


def statement(
    *,
    request: int,
    step: int,
    attempt: int,
    signer: tuple[int, str],
    post: tuple[int, str],
    meaning: str,
    content_sha256: str,
    at: str,
    comment: str,
) -> str:
    """Return what is signed: signer, post, meaning, time and the digest of the bytes shown.

    signer, post  (id, name as it was at the act)
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
            "at": at,
            "comment_sha256": digest(comment),
        }
    )

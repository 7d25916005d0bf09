"""What a decision does in the domain, which deadlines move: each slice registers its kinds."""

from revisions.cycle import kinds as _cycle  # noqa: F401
from revisions.inquiry import kinds as _inquiry  # noqa: F401
from revisions.meeting import kinds as _meeting  # noqa: F401
from revisions.public_comment import kinds as _public_comment  # noqa: F401

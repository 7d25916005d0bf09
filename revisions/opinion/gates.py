"""いつ: what an opinion and its answer need."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from revisions.opinion.models import Opinion
from revisions.opinion.queries import undisposed
from revisions.opinion.states import Disposition
from revisions.plan.models import Revision
from workflow.errors import Invalid, Missing, Unmet

SCANS = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
}
LARGEST_SCAN = 10 * 2**20


def page(opinion: Opinion) -> str:
    return f"/opinions/{opinion.pk}/"


def check_wording(text: str) -> None:
    if not text.strip():
        raise Invalid(_("意見を入力してください。"), field="text")


def check_answer(disposition: str, response: str, summary: str) -> None:
    """An answer has its class, its words, and the summary that is published with it."""
    required: Mapping[str, tuple[str, str]] = {
        "disposition": (disposition, _("対応区分を選んでください。")),
        "response": (response, _("市の考え方を入力してください。")),
        "summary": (summary, _("公表する意見の要旨を入力してください。")),
    }
    for field, (value, message) in required.items():
        if not value.strip():
            raise Invalid(message, field=field)
    if disposition not in Disposition.values:
        raise Invalid(_("対応区分を一覧から選んでください。"), field="disposition")


def media_type_of(body: bytes) -> str:
    """Return the type that the bytes themselves show.

    raises  Invalid when it is none of PDF, PNG, JPEG, or larger than 10 MB
    """
    if len(body) > LARGEST_SCAN:
        raise Invalid(_("原本の写しは10MBまでです。"), field="scan")
    for magic, media_type in SCANS.items():
        if body.startswith(magic):
            return media_type
    raise Invalid(_("原本の写しは、PDF、PNG、JPEGのいずれかにしてください。"), field="scan")


def check_similar(opinion: Opinion, first: Opinion) -> None:
    """Like opinions point to one that points to nothing, of the same revision."""
    if first.pk == opinion.pk or first.revision_id != opinion.revision_id:
        raise Invalid(_("同じ改定の、別の意見を選んでください。"), field="similar_to")
    if first.similar_to_id or opinion.similar.exists():
        raise Invalid(
            _("まとめ先は、ほかの意見にまとめられていないものにしてください。"), field="similar_to"
        )


def check_disposed(revision: Revision) -> None:
    """raises  Unmet, with every opinion that has no approved answer"""
    if missing := [
        Missing(_("意見第%d号の対応を決め、承認する") % opinion.number, page(opinion))
        for opinion in undisposed(revision)
    ]:
        raise Unmet(_("対応の決まっていない意見があります。"), missing)

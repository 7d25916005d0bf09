"""記録を読む: what the page of a request shows of its record."""

import json
from collections.abc import Iterator

from django.template.loader import render_to_string
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from workflow.deadline.days import day_words
from workflow.differences import Pieces, text_diff
from workflow.signoff.changes import near, words_of
from workflow.signoff.keeping import kept_until
from workflow.signoff.kinds import kind_of
from workflow.signoff.models import Content, Request
from workflow.signoff.models_record import Paper
from workflow.signoff.states import RequestState


def facts_of(found: Request) -> Iterator[tuple[str, str]]:
    """Yield (term, words) of what is said of it; nothing of what is not."""
    recorded = localtime(found.ended_at) if found.ended_at else None
    if found.decided_on and recorded:
        yield _("決裁日"), day_words(found.decided_on)
        yield _("記録した日時"), f"{day_words(recorded.date())} {recorded:%H:%M}"
    said = {
        _("文書番号"): found.number,
        _("決裁区分"): found.tier,
        _("根拠"): found.basis,
        _("特に取り扱う事由"): "、".join(found.get_flags_display()),
        _("金額"): "" if found.amount is None else _("%s円") % f"{found.amount:,}",
        _("保存期間"): _kept(found),
        _("公開区分"): "　".join([found.get_disclosure_display(), found.disclosure_ground]).strip(),
    }
    yield from ((term, words) for term, words in said.items() if words)


def _kept(found: Request) -> str:
    until = found.decided_on and kept_until(found.decided_on, found.retention)
    words = found.get_retention_display()
    return (
        _("%(words)s（%(day)sまで）") % {"words": words, "day": day_words(until)}
        if until
        else words
    )


def paper_of(found: Request) -> Paper | None:
    """Only what never went round has one; its bytes stay in the database."""
    if found.attempt or found.state != RequestState.DECIDED:
        return None
    return Paper.objects.defer("body").filter(request=found).first()


def compared(found: Request, seen: Content | None) -> Pieces | None:
    """Compare what is to be signed, as the page shows it, with what was before.

    returns  None when there was nothing; an empty list when nothing changed
    """
    if seen is None:
        return None
    if seen.pk == found.content_id:
        return []
    return near(text_diff(_shown(found, seen), _shown(found, found.content)))


def _shown(found: Request, content: Content) -> str:
    template = kind_of(found).template
    if not template:
        return content.body
    context = {"found": found, "content": json.loads(content.body)}
    return words_of(render_to_string(template, context))

"""受理: what must be so before an answer reaches the draft."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from revisions.inquiry.duties import Sheet
from revisions.inquiry.gates import check_running, page
from revisions.inquiry.models import InquiryTarget, Remark, SheetAnswer
from revisions.inquiry.queries_conflict import Clash, clashes_of, clashing_words
from revisions.inquiry.states import AnswerKind
from revisions.opinion.gates import check_wording
from revisions.plan.gates import check_sheet, check_unmoved
from revisions.plan.merging import NAMED, PLACE, Choice, field_of, resolve
from revisions.plan.models import Revision
from workflow.errors import Invalid, Missing, Stale, Unmet

Decided = Mapping[str, Mapping[str, Choice]]
"""uid → field → whose words stand, where the draft has moved since the section saw it."""

KEEP = Choice("draft")


@dataclass(frozen=True)
class Acceptable:
    """An answer that the draft and the ledger of opinions take.

    finals  uid → the fields that an edit comes to
    """

    target: InquiryTarget
    answers: Sequence[SheetAnswer]
    remarks: Sequence[Remark]
    finals: Mapping[str, Sheet]
    decided: Decided


def check_acceptable(
    target: InquiryTarget,
    draft: Mapping[str, Sheet],
    decided: Decided | None = None,
    drafted: str | None = None,
) -> Acceptable:
    """Refuse an answer that the draft, as it stands now, does not take.

    draft    uid → sheet
    drafted  `fingerprint` of the draft's side of the clashes that a page was made from
    """
    check_running(target)
    answers, remarks = list(target.answers.all()), list(target.remarks.all())
    clashes, given = clashes_of(draft, answers), decided or {}
    check_unmoved(clashing_words(clashes), drafted)
    check_decided(target, clashes, given)
    finals = check_outcome(target.revision, draft, answers, given)
    for remark in remarks:
        check_wording(wording(remark))
    return Acceptable(target, answers, remarks, finals, given)


def wording(remark: Remark) -> str:
    """Return a remark as it is entered in the ledger of opinions."""
    why = f"理由：{remark.reason}" if remark.reason else ""
    instead = f"修正案：{remark.proposal}" if remark.proposal else ""
    return "\n\n".join(filter(None, [remark.text, why, instead]))


def adds_or_drops(target: InquiryTarget) -> bool:
    """Tell whether an answer moves what stands in the plan and where."""
    moving = (AnswerKind.ADD, AnswerKind.DISCONTINUE)
    return any(answer.kind in moving for answer in target.answers.all())


def check_decided(target: InquiryTarget, clashes: Collection[Clash], decided: Decided) -> None:
    """Refuse while the draft has moved in what the section changed and nobody chose between both.

    decided  uid → field → whose words stand
    raises   Stale when something was decided that is no clash any more
    """
    missing, asked = [], {clash.answer.uid: clash.fields for clash in clashes}
    if any(set(given) - set(asked.get(uid, ())) for uid, given in decided.items()):
        raise Stale
    for clash in clashes:
        given = decided.get(clash.answer.uid, {})
        open_ = [f for f in clash.fields if f not in given]
        if clash.draft is None and given.get(PLACE, KEEP) != KEEP:
            raise Invalid(_("計画案から廃止された事業には、変更を入れられません。"), field=PLACE)
        if open_:
            fields = "、".join(dict.fromkeys(_(NAMED[field_of(name)]) for name in open_))
            told = {"name": clash.answer.before["name"], "fields": fields}
            link = page(target, f"conflicts/#clash-{clash.answer.uid}")
            missing.append(Missing(_("「%(name)s」の%(fields)sを決める") % told, link))
    if missing:
        raise Unmet(_("照会の後に、計画案の同じところが変わっています。"), missing)


def check_outcome(
    revision: Revision, draft: Mapping[str, Sheet], answers: Iterable[SheetAnswer], decided: Decided
) -> dict[str, Sheet]:
    """Return what every edit comes to, uid → fields; refuse one that leaves a sheet wrong."""
    finals = {}
    for answer in answers:
        if answer.kind == AnswerKind.EDIT and (sheet := draft.get(answer.uid)):
            given = decided.get(answer.uid, {})
            final = resolve(sheet, answer.before, answer.proposed, given)
            check_sheet(revision.plan, sheet | final)
            finals[answer.uid] = final
    return finals

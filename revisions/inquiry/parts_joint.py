"""A sheet's other leads (共管), and a sheet that changes hands. Usable only inside a command."""

from collections.abc import Iterable, Sequence

from revisions.inquiry.duties import other_leads
from revisions.inquiry.gates import page
from revisions.inquiry.models import InquiryTarget, SheetAnswer
from revisions.inquiry.models_between import Consent, Forward
from revisions.inquiry.naming import days_awaited
from revisions.inquiry.states import ForwardState
from workflow.audit.models import AuditEntry
from workflow.outbox.queue import emit


def ask_consents(target: InquiryTarget, answers: Iterable[SheetAnswer]) -> None:
    """Ask the sections that lead the sheets too, as far as the inquiry went to them.

    One that passed a sheet on has nothing more to say of it.
    """
    code = target.section.code
    asked = [(a, lead) for a in answers for lead in other_leads(code, a.before, a.proposed)]
    if not asked:
        return
    others = InquiryTarget.objects.filter(
        inquiry=target.inquiry_id, section__code__in={lead for _answer, lead in asked}
    )
    by_code = {other.section.code: other for other in others.select_related("section")}
    taken = Forward.objects.filter(target__in=by_code.values(), state=ForwardState.TAKEN)
    passed_on = set(taken.values_list("target__section__code", "uid"))
    Consent.objects.bulk_create(
        Consent(answer=answer, target=by_code[lead])
        for answer, lead in asked
        if lead in by_code and (lead, answer.uid) not in passed_on
    )


def ask_anew(target: InquiryTarget, answers: Sequence[SheetAnswer]) -> None:
    """Ask the other leads of sheets again, whose answers are others than those they spoke of."""
    Consent.objects.filter(answer__in=answers).delete()
    ask_consents(target, answers)


def carry_over(forward: Forward, into: InquiryTarget) -> SheetAnswer | None:
    """Let what was written or typed go with the sheet; its other leads are asked anew."""
    forward.target.drafts.filter(uid=forward.uid).update(target=into)
    answer = forward.target.answers.filter(uid=forward.uid).first()
    if answer is None:
        return None
    answer.target = into
    answer.save(update_fields=["target"])
    ask_anew(into, [answer])
    return answer


def tell_leads(entry: AuditEntry, target: InquiryTarget, answers: Iterable[SheetAnswer]) -> None:
    """Tell the other leads of sheets that a section answers, each on its own page of it.

    Whoever is to consent does so before the answer goes up: its day is theirs.
    """
    told = {answer.pk: answer for answer in answers}
    asked = Consent.objects.filter(answer__in=told).select_related("target__section__group")
    if not (consents := list(asked)):
        return
    days = days_awaited(target)
    for consent in consents:
        answer = told[consent.answer_id]
        emit(
            entry,
            to=[consent.target.section.group],
            link=page(consent.target, f"sheets/{answer.uid}/"),
            title=target.inquiry.title,
            section=target.section.name,
            name=name_of(answer),
            **days,
        )


def name_of(answer: SheetAnswer) -> str:
    return str((answer.proposed or answer.before)["name"])

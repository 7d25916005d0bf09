"""受理: what the secretariat decided otherwise than a section had answered."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from revisions.plan.merging import NAMED


def otherwise(decided: Mapping[str, str]) -> list[str]:
    """Return the fields of which a person took other words than the answer's.

    decided  as a Change has it; a part of a table (actions/2/text) counts as the table
    """
    parts = (name.partition("/")[0] for name, side in decided.items() if side != "answer")
    return list(dict.fromkeys(parts))


def decided_words(answers: Iterable[Mapping[str, Any]]) -> str:
    """Return 広報紙の発行（概要、目指すもの）; "" where all went as it was answered.

    answers  as the entry of 受理 tells them (parts_accept.py)
    """
    found = ((answer, otherwise(answer.get("decided", {}))) for answer in answers)
    return "、".join(
        _("%(name)s（%(fields)s）")
        % {"name": answer["name"], "fields": "、".join(_(NAMED[field]) for field in fields)}
        for answer, fields in found
        if fields and "name" in answer
    )

"""What tells a workbook of ours from another, and one addressee's from another's."""

import json
from collections.abc import Mapping
from hashlib import sha256

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.workbook.cells import Cell, shown
from revisions.inquiry.workbook.merge import Hash
from revisions.inquiry.workbook.paper import Stamp
from revisions.inquiry.workbook.reading import Reading
from workflow.errors import Invalid


def hash_for(target: str) -> Hash:
    """Return how the cells of one addressee are hashed, so that no other's fit."""

    def hashed(key: str, says: str) -> str:
        return sha256(f"{target}\n{key}\n{says}".encode()).hexdigest()[:16]

    return hashed


def stamp_for(target: InquiryTarget, cells: Mapping[str, Cell], name: str) -> Stamp:
    hashed = hash_for(target.key)
    base = {key: hashed(key, cell.says(cell.text)) for key, cell in cells.items()}
    return Stamp(target.key, name, title_of(target), base)


def title_of(target: InquiryTarget) -> str:
    return shown(f"{target.section.name}（{target.inquiry.title}）")


def seal_of(stamp: Stamp, secret: str | bytes | None = None) -> str:
    told = [stamp.target, stamp.name, stamp.title, sorted(stamp.base.items())]
    text, salt = json.dumps(told, ensure_ascii=False), "revisions.inquiry.workbook"
    return salted_hmac(salt, text, secret=secret, algorithm="sha256").hexdigest()


def check_stamp(reading: Reading, target: InquiryTarget) -> None:
    """Refuse a workbook that was made for another addressee, or whose hidden sheet was changed."""
    stamp = reading.stamp
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    if not any(constant_time_compare(reading.seal, seal_of(stamp, s)) for s in secrets):
        raise Invalid(
            _("照会票の管理情報が書き換わっています。ダウンロードし直して、書き写してください。"),
            field="file",
        )
    if stamp.target != target.key:
        told = {"other": stamp.title, "own": title_of(target)}
        raise Invalid(
            _("これは%(other)sの照会票です。%(own)sの照会票を選んでください。") % told,
            field="file",
        )

"""課の始まりと終わり、課の総称: what may be set."""

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from workflow.errors import Invalid
from workflow.people.models import ClassMember, Section


def check_standing(since: date | None, until: date | None, section: Section) -> None:
    """raises  Invalid (since, until)"""
    if since and until and until < since:
        raise Invalid(_("始まりの日より後の日にしてください。"), field="until")
    if (since, until) == (section.since, section.until):
        raise Invalid(_("いまの始まりと終わりと同じです。"), field="since")


def check_joins(class_name: str, section: Section, since: date) -> None:
    """A section belongs to a class once at a time.

    raises  Invalid (class_name, since)
    """
    longest = ClassMember._meta.get_field("class_name").max_length or 0
    if not 0 < len(class_name) <= longest or not class_name.isprintable():
        raise Invalid(_("総称を%d文字までで入力してください。") % longest, field="class_name")
    belongs = section.classes.filter(Q(until=None) | Q(until__gte=since), class_name=class_name)
    if belongs.exists():
        told = {"section": section.name, "class": class_name}
        raise Invalid(
            _("%(section)sは、その日には「%(class)s」に入っています。") % told, field="since"
        )


def check_leaves(member: ClassMember, until: date) -> None:
    """raises  Invalid (until)"""
    if until < member.since:
        raise Invalid(_("始まりの日以後の日にしてください。"), field="until")
    if until == member.until:
        raise Invalid(_("いまの終わりの日と同じです。"), field="until")

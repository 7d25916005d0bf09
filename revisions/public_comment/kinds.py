"""意見の取りまとめの期限: its day follows the calendar alone. Registered by revisions/kinds.py."""

from django.utils.translation import gettext_lazy as _

from revisions.public_comment.parts import DEADLINE
from workflow.deadline import registry

registry.register(registry.Kind(DEADLINE, _("意見の取りまとめ（意見公募）"), own_day=True))

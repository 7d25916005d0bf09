from django.db import models
from guardian.models import GroupObjectPermissionBase

from revisions.inquiry.models import InquiryTarget


class TargetGrant(GroupObjectPermissionBase):
    """Guardian's direct table: which group answers a target."""

    content_object = models.ForeignKey(InquiryTarget, on_delete=models.CASCADE)

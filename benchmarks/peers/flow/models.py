from django.conf import settings
from django.db import models
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase
from viewflow.workflow.models import Process


class Approval(Process):
    title = models.CharField(max_length=200)

    class Meta:
        permissions = [(f"sign_{n}", f"sign in turn {n}") for n in range(1, 7)]


class UserGrant(UserObjectPermissionBase):
    content_object = models.ForeignKey(Approval, on_delete=models.CASCADE)


class GroupGrant(GroupObjectPermissionBase):
    content_object = models.ForeignKey(Approval, on_delete=models.CASCADE)


class Notification(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    process = models.ForeignKey(Approval, on_delete=models.CASCADE)
    verb = models.CharField(max_length=60)
    link = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)

from django.conf import settings
from django.db import models
from django_fsm import FSMField, transition
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase
from simple_history.models import HistoricalRecords


class Request(models.Model):
    """A request that six sign, as django-fsm's README has it."""

    title = models.CharField(max_length=200)
    link = models.CharField(max_length=200)
    comment = models.TextField(blank=True)
    state = FSMField(default="waits_1", protected=True)
    submitted_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    history = HistoricalRecords()

    class Meta:
        permissions = [(f"sign_{n}", f"sign in turn {n}") for n in range(1, 7)]

    @transition(field=state, source="waits_1", target="waits_2")
    def sign_1(self):
        pass

    @transition(field=state, source="waits_2", target="waits_3")
    def sign_2(self):
        pass

    @transition(field=state, source="waits_3", target="waits_4")
    def sign_3(self):
        pass

    @transition(field=state, source="waits_4", target="waits_5")
    def sign_4(self):
        pass

    @transition(field=state, source="waits_5", target="waits_6")
    def sign_5(self):
        pass

    @transition(field=state, source="waits_6", target="decided")
    def sign_6(self):
        pass


class UserGrant(UserObjectPermissionBase):
    content_object = models.ForeignKey(Request, on_delete=models.CASCADE)


class GroupGrant(GroupObjectPermissionBase):
    content_object = models.ForeignKey(Request, on_delete=models.CASCADE)


class Notification(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    request = models.ForeignKey(Request, on_delete=models.CASCADE)
    verb = models.CharField(max_length=60)
    link = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)

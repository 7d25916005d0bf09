"""get, has_perm, transition, save, notify: with simple-history as the audit."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from benchmarks.peers.people import LINE, grant_each, signers
from benchmarks.peers.usual.models import GroupGrant, Notification, Request
from benchmarks.serve import Handle


class Usual:
    """locked  whether the row is read FOR UPDATE: careful builds do, the README does not"""

    def __init__(self, *, locked: bool) -> None:
        self.users = signers()
        self.requests = Request.objects.select_for_update() if locked else Request.objects.all()

    def prepare(self, what: str, n: int) -> dict[str, list[Handle]]:
        made = [
            Request(title="基幹系ネットワーク機器の更新について（伺い）", link="/")
            for _ in range(n)
        ]
        Request.objects.bulk_create(made)
        grant_each(GroupGrant, made)
        turns = range(1, LINE)
        return {
            "approve": [[request.pk, turn] for turn in turns for request in made],
            "decide": [[request.pk, LINE] for request in made],
        }

    def act(self, what: str, handle: Handle) -> None:
        pk, turn = handle
        user, following = self.users[turn - 1], self.users[turn % LINE]
        with transaction.atomic():
            request = self.requests.get(pk=pk)
            if not user.has_perm(f"usual.sign_{turn}", request):
                raise PermissionDenied
            getattr(request, f"sign_{turn}")()
            request._history_user = user
            request.save()
            Notification.objects.create(
                user=following, request=request, verb="approved", link=f"/requests/{pk}/"
            )

    def audited(self, handle: Handle) -> int:
        return Request.history.filter(id=handle[0], history_type="~").count()

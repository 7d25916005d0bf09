"""What viewflow's view of a task does on POST, in one request instead of two (assign, execute)."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from benchmarks.peers.flow.flows import ApprovalFlow
from benchmarks.peers.flow.models import GroupGrant, Notification
from benchmarks.peers.people import LINE, grant_each, signers
from benchmarks.serve import Handle


class Flow:
    """Its rows of tasks count as state and as audit."""

    def __init__(self) -> None:
        self.users = signers()
        self.nodes = [getattr(ApprovalFlow, f"sign_{n}") for n in range(1, LINE + 1)]

    def prepare(self, what: str, n: int) -> dict[str, list[Handle]]:
        made = [ApprovalFlow.start.run() for _ in range(n)]
        grant_each(GroupGrant, made)
        return {
            "approve": [[each.pk, turn] for turn in range(1, LINE) for each in made],
            "decide": [[each.pk, LINE] for each in made],
        }

    def act(self, what: str, handle: Handle) -> None:
        pk, turn = handle
        node, user, following = self.nodes[turn - 1], self.users[turn - 1], self.users[turn % LINE]
        with ApprovalFlow.lock(pk), transaction.atomic():
            task = Task.objects.get(process=pk, flow_task=node, status=STATUS.NEW)
            activation = node.activation_class(task)
            if not node.can_assign(user, task):
                raise PermissionDenied
            activation.assign(user)
            activation.start(None)
            activation.execute()
            Notification.objects.create(
                user=following, process_id=pk, verb="approved", link=f"/requests/{pk}/"
            )

    def audited(self, handle: Handle) -> int:
        """Count the tasks that the approval made: one, unless it was done twice."""
        pk, turn = handle
        return Task.objects.filter(process=pk, flow_task=self.nodes[turn]).count()

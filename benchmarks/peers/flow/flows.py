from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.flow import views
from viewflow.workflow.lock import select_for_update_lock

from benchmarks.peers.flow.models import Approval

view = views.UpdateProcessView.as_view(fields=[])


def approval(process):
    return process.coerced


class ApprovalFlow(flow.Flow):
    """Six approvals, one after another."""

    process_class = Approval
    lock_impl = select_for_update_lock

    start = flow.StartHandle(this.begin).Next(this.sign_1)
    sign_1 = flow.View(view).Permission("flow.sign_1", obj=approval).Next(this.sign_2)
    sign_2 = flow.View(view).Permission("flow.sign_2", obj=approval).Next(this.sign_3)
    sign_3 = flow.View(view).Permission("flow.sign_3", obj=approval).Next(this.sign_4)
    sign_4 = flow.View(view).Permission("flow.sign_4", obj=approval).Next(this.sign_5)
    sign_5 = flow.View(view).Permission("flow.sign_5", obj=approval).Next(this.sign_6)
    sign_6 = flow.View(view).Permission("flow.sign_6", obj=approval).Next(this.end)
    end = flow.End()

    def begin(self, activation):
        activation.process.title = "基幹系ネットワーク機器の更新について（伺い）"
        return activation.process

from django.urls import path

from workflow.signoff import views, views_acts, views_inbox, views_record, views_stagnation
from workflow.signoff.queries_inbox import Tab

ON_STEP = (
    "approve",
    "pull_up",
    "concur",
    "dissent",
    "send_back",
    "reject",
    "hold",
    "resume",
    "post_review",
    "read",
)
ON_REQUEST = ("comment", "pull_back", "withdraw")

urlpatterns = [
    path("requests/", views_inbox.requests, {"tab": Tab.TURN}, name="requests"),
    *(
        path(f"requests/{tab.value}/", views_inbox.requests, {"tab": tab}, name=f"requests_{tab}")
        for tab in Tab
        if tab != Tab.TURN
    ),
    path("requests/approve/", views_inbox.approve_all, name="approve_all"),
    path("requests/read/", views_inbox.read_all, name="read_all"),
    path("requests/stagnation/", views_stagnation.stagnation, name="stagnation"),
    path("requests/stagnation.csv", views_stagnation.stagnation_csv, name="stagnation_csv"),
    path("requests/back-entry/", views_record.back_entry, name="back_enter"),
    path("requests/<int:request_id>/correct/", views_record.correct, name="correct"),
    path("requests/<int:request_id>/paper/", views_record.paper, name="paper"),
    path("requests/<int:request_id>/", views.request_page, name="request"),
    *(
        path(
            f"requests/<int:request_id>/{act.replace('_', '-')}/",
            views_acts.on_request,
            {"act": act},
            name=act,
        )
        for act in ON_REQUEST
    ),
    *(
        path(
            f"steps/<int:step_id>/{act.replace('_', '-')}/",
            views_acts.on_step,
            {"act": act},
            name=act,
        )
        for act in ON_STEP
    ),
]

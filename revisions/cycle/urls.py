"""The addresses of a revision 改定, its stages 段階, and the history of anything."""

from django.urls import path

from revisions.cycle import (
    views,
    views_history,
    views_paper,
    views_propose,
    views_schedule,
    views_stage,
)

urlpatterns = [
    path("revisions/", views.revisions, name="revisions"),
    path("revisions/new/", views.start_revision, name="start_revision"),
    path("revisions/<int:revision_id>/", views.revision, name="revision"),
    path("revisions/<int:revision_id>/board/", views.board, name="revision_board"),
    path("revisions/<int:revision_id>/schedule/", views_schedule.schedule, name="schedule"),
    path(
        "revisions/<int:revision_id>/schedule/plan/",
        views_schedule.plan_schedule,
        name="plan_schedule",
    ),
    path("revisions/<int:revision_id>/history/", views_history.revision, name="revision_history"),
    path(
        "revisions/<int:revision_id>/withdraw/", views.withdraw_revision, name="withdraw_revision"
    ),
    path("stages/<int:stage_id>/", views_stage.stage, name="stage"),
    path("stages/<int:stage_id>/open/", views_stage.open_stage, name="open_stage"),
    path("stages/<int:stage_id>/plan/", views_stage.plan_stage, name="plan_stage"),
    path("stages/<int:stage_id>/conclude/", views_stage.conclude_stage, name="conclude_stage"),
    path("stages/<int:stage_id>/send-back/", views_stage.send_back_stage, name="send_back_stage"),
    path("stages/<int:stage_id>/skip/", views_stage.skip_stage, name="skip_stage"),
    path("stages/<int:stage_id>/cancel/", views_stage.cancel_stage, name="cancel_stage"),
    path("stages/<int:stage_id>/add/", views_stage.add_stage, name="add_stage"),
    path("stages/<int:stage_id>/propose/", views_propose.propose, name="propose"),
    path("stages/<int:stage_id>/back-entry/", views_paper.back_entry, name="back_enter_proposal"),
    path("stages/<int:stage_id>/adopt/", views_stage.adopt, name="adopt"),
    path("history/<str:key>/", views_history.subject, name="history"),
]

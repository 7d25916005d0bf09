"""The addresses of an inquiry 照会 and of its answers."""

from django.urls import path

from revisions.inquiry import (
    views,
    views_accept,
    views_answer,
    views_bulk,
    views_sheet,
    views_target,
)

urlpatterns = [
    path("stages/<int:stage_id>/inquiry/", views.prepare_inquiry, name="prepare_inquiry"),
    path("inquiries/<int:inquiry_id>/", views.inquiry, name="inquiry"),
    path("inquiries/<int:inquiry_id>/issue/", views.issue_inquiry, name="issue_inquiry"),
    path("inquiries/<int:inquiry_id>/bulk/", views_bulk.bulk, name="bulk_inquiry"),
    path("answers/<int:target_id>/", views_target.target, name="target"),
    path("answers/<int:target_id>/receive/", views_answer.receive, name="receive_inquiry"),
    path("answers/<int:target_id>/rest/", views_answer.rest_unchanged, name="rest_unchanged"),
    path("answers/<int:target_id>/submit/", views_answer.submit, name="submit_answer"),
    path("answers/<int:target_id>/remarks/", views_answer.add_remark, name="add_remark"),
    path(
        "answers/<int:target_id>/remarks/<int:remark_id>/remove/",
        views_answer.remove_remark,
        name="remove_remark",
    ),
    path("answers/<int:target_id>/accept/", views_accept.accept, name="accept_answer"),
    path("answers/<int:target_id>/return/", views_accept.return_answer, name="return_answer"),
    path("answers/<int:target_id>/waive/", views_accept.waive, name="waive_answer"),
    path("answers/<int:target_id>/extend/", views_accept.extend, name="extend_answer"),
    path("answers/<int:target_id>/sheets/<slug:uid>/", views_sheet.sheet, name="sheet_answer"),
    path(
        "answers/<int:target_id>/sheets/<slug:uid>/unchanged/",
        views_answer.unchanged,
        name="answer_unchanged",
    ),
    path(
        "answers/<int:target_id>/sheets/<slug:uid>/discontinue/",
        views_answer.discontinue,
        name="answer_discontinue",
    ),
    path(
        "answers/<int:target_id>/sheets/<slug:uid>/remove/",
        views_answer.remove_answer,
        name="remove_answer",
    ),
]

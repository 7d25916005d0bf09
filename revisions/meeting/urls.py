"""The addresses of a meeting 会議."""

from django.urls import path

from revisions.meeting import views, views_minutes

urlpatterns = [
    path("stages/<int:stage_id>/meetings/new/", views.plan_meeting, name="plan_meeting"),
    path("meetings/<int:meeting_id>/", views.meeting, name="meeting"),
    path("meetings/<int:meeting_id>/convene/", views.convene, name="convene_meeting"),
    path("meetings/<int:meeting_id>/move/", views.move, name="move_meeting"),
    path("meetings/<int:meeting_id>/attendance/", views.attendance, name="attendance"),
    path("meetings/<int:meeting_id>/start/", views.start, name="start_meeting"),
    path("meetings/<int:meeting_id>/adjourn/", views.adjourn, name="adjourn_meeting"),
    path("meetings/<int:meeting_id>/cancel/", views.cancel, name="cancel_meeting"),
    path("meetings/<int:meeting_id>/items/<int:item_id>/", views.record_item, name="record_item"),
    path("meetings/<int:meeting_id>/close/", views.close, name="close_meeting"),
    path("meetings/<int:meeting_id>/minutes/", views_minutes.edit, name="edit_minutes"),
    path("meetings/<int:meeting_id>/minutes/fix/", views_minutes.fix, name="fix_minutes"),
    path("meetings/<int:meeting_id>/remarks/", views_minutes.remark, name="record_remark"),
]

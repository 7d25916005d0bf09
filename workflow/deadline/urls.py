from django.urls import path

from workflow.deadline import views, views_deadline, views_feed

urlpatterns = [
    path("days/", views.day_hint, name="day_hint"),
    path("deadlines/<int:deadline_id>/", views_deadline.deadline, name="deadline"),
    path("deadlines/<int:deadline_id>/done/", views_deadline.done, name="deadline_done"),
    path("calendar/", views_feed.calendar, name="calendar"),
    path("calendar/make/", views_feed.make_feed, name="make_feed"),
    path("calendar/revoke/", views_feed.revoke_feed, name="revoke_feed"),
    path("calendar/deadlines.ics", views_feed.feed_file, name="feed_file"),
    path("calendar/<str:token>.ics", views_feed.shared_feed, name="feed"),
]

from django.urls import path

from workflow.administration import views

urlpatterns = [
    path("administration/", views.administration, name="administration"),
    path("administration/people/new/", views.new_person, name="new_person"),
    path("administration/people/<int:user_id>/", views.person, name="person"),
    path(
        "administration/appointments/<int:appointment_id>/end/",
        views.end,
        name="end_appointment",
    ),
    path("administration/closed-days/", views.closed_days, name="closed_days"),
    path(
        "administration/closed-days/<int:day_id>/remove/",
        views.remove_closed_day,
        name="remove_closed_day",
    ),
]

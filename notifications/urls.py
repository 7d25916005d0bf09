from django.urls import path

from notifications import views

urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/read/", views.read_notices, name="read_notices"),
    path("notices/preference/", views.preference, name="preference"),
    path("notices/<int:event_id>/", views.follow_notice, name="follow_notice"),
]

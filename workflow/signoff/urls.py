from django.urls import path

from workflow.signoff import views

urlpatterns = [
    path("requests/", views.requests, name="requests"),
    path("requests/<int:request_id>/", views.request_page, name="request"),
    path("requests/<int:request_id>/pull-back/", views.pull_back, name="pull_back"),
    path("requests/<int:request_id>/withdraw/", views.withdraw, name="withdraw"),
    path("steps/<int:step_id>/approve/", views.approve, name="approve"),
    path("steps/<int:step_id>/send-back/", views.send_back, name="send_back"),
    path("steps/<int:step_id>/reject/", views.reject, name="reject"),
]

from django.urls import path

from notifications.operations import views

urlpatterns = [path("administration/operations/", views.operations, name="operations")]

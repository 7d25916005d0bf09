from django.urls import path

from notifications.undelivered import views

urlpatterns = [path("undelivered/", views.undelivered, name="undelivered")]

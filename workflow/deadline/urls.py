from django.urls import path

from workflow.deadline import views

urlpatterns = [path("days/", views.day_hint, name="day_hint")]

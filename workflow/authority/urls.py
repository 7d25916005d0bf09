from django.urls import path

from workflow.authority import views

urlpatterns = [path("decision-table/", views.decision_table, name="decision_table")]

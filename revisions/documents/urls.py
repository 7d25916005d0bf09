from django.urls import path

from revisions.documents import views

TABLE = "versions/<int:version_id>/table/<int:other_id>/"

urlpatterns = [
    path(TABLE, views.table, name="table"),
    path(f"{TABLE}pdf/", views.table_file, {"kind": "pdf"}, name="table_pdf"),
    path(f"{TABLE}docx/", views.table_file, {"kind": "docx"}, name="table_docx"),
    path(f"{TABLE}xlsx/", views.table_file, {"kind": "xlsx"}, name="table_xlsx"),
]

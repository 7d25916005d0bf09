from django.urls import path

from revisions.documents import views

TABLE = "versions/<int:version_id>/table/<int:other_id>/"
DRAFT = "revisions/<int:revision_id>/draft/table/"

urlpatterns = [
    path(TABLE, views.table, name="table"),
    path(f"{TABLE}pdf/", views.table_file, {"kind": "pdf"}, name="table_pdf"),
    path(f"{TABLE}docx/", views.table_file, {"kind": "docx"}, name="table_docx"),
    path(f"{TABLE}xlsx/", views.table_file, {"kind": "xlsx"}, name="table_xlsx"),
    path(DRAFT, views.draft_table, name="draft_table"),
    path(f"{DRAFT}pdf/", views.draft_table_file, {"kind": "pdf"}, name="draft_table_pdf"),
    path(f"{DRAFT}docx/", views.draft_table_file, {"kind": "docx"}, name="draft_table_docx"),
    path(f"{DRAFT}xlsx/", views.draft_table_file, {"kind": "xlsx"}, name="draft_table_xlsx"),
]

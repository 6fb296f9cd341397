"""Addresses of the statements."""

from django.urls import path

from decompte.portal.payments import views

app_name = "payments"
urlpatterns = [
    path("", views.statements, name="statements"),
    path("summary/", views.summary, name="summary"),
    path("summary.pdf", views.summary, {"form": "pdf"}, name="summary_pdf"),
    path("summary.json", views.summary, {"form": "json"}, name="summary_json"),
    path("summary.csv", views.summary, {"form": "csv"}, name="summary_csv"),
    path("<str:public_id>.pdf", views.pdf, name="statement_pdf"),
    path("<str:public_id>/", views.statement, name="statement"),
]

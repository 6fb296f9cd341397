"""Addresses of the statements."""

from django.urls import path

from decompte.portal.payments import views

app_name = "payments"
urlpatterns = [
    path("", views.statements, name="statements"),
    path("<str:public_id>.pdf", views.pdf, name="statement_pdf"),
    path("<str:public_id>/", views.statement, name="statement"),
]

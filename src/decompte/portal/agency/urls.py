"""Addresses of an agency's pages."""

from django.urls import path

from decompte.portal.agency import finance, treasury, views

app_name = "agency"
urlpatterns = [
    path("", views.worklist, name="worklist"),
    path("requests/<str:public_id>/", views.review, name="review"),
    path("requests/<str:public_id>/papers/<str:paper_id>/", views.judge, name="judge"),
    path("requests/<str:public_id>/settle/", views.settle, name="settle"),
    path("requests/<str:public_id>/send-back/", views.send_back, name="send_back"),
    path("requests/<str:public_id>/receive/", views.receive, name="receive"),
    path("papers/<str:paper_id>/pages/<int:number>/", views.page, name="page"),
    path("payments/", finance.orders, name="payments"),
    path("payments/bank/", treasury.bank, name="bank"),
    path("payments/bank/<str:public_id>/", treasury.line, name="bank_line"),
    path("payments/orders/<str:public_id>/resume/", treasury.resume, name="resume"),
    path("payments/owed/", treasury.owed, name="owed"),
    path("payments/owed/<str:public_id>/", treasury.debt, name="debt"),
    path("payments/proposals/<str:public_id>/", treasury.decide, name="decide"),
    path("payments/books/", treasury.books, name="books"),
    path("batches/<str:public_id>/", finance.batch, name="batch"),
    path("batches/<str:public_id>/release/", finance.release, name="release"),
    path("batches/<str:public_id>/discard/", finance.discard, name="discard"),
    path("batches/<str:public_id>/file.xml", finance.download, name="download"),
]

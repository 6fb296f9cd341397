"""Addresses of an agency's pages."""

from django.urls import path

from decompte.portal.agency import amending, desk, finance, letters, lists, near, staffing, treasury

app_name = "agency"
urlpatterns = [
    path("", lists.worklist, name="worklist"),
    path("glass/", lists.break_glass, name="glass"),
    path("openings/", lists.openings, name="openings"),
    path("near/", near.near, name="near"),
    path("staff/", staffing.staff, name="staff"),
    path("staff/<str:public_id>/", staffing.change, name="staff_change"),
    path("staff/<str:public_id>/factor/", staffing.factor, name="staff_factor"),
    path("members/<str:public_id>/", lists.member, name="member"),
    path("requests/<str:public_id>/", desk.review, name="review"),
    path("requests/<str:public_id>/reason/", lists.reason, name="reason"),
    path("requests/<str:public_id>/beside/<str:other_id>/", desk.beside, name="beside"),
    path("requests/<str:public_id>/take/", desk.take, name="take"),
    path("requests/<str:public_id>/put-back/", desk.put_back, name="put_back"),
    path("requests/<str:public_id>/papers/<str:paper_id>/", desk.judge, name="judge"),
    path("requests/<str:public_id>/lines/<int:position>/", desk.key_line, name="key_line"),
    path("requests/<str:public_id>/lines/<int:position>/preview/", desk.preview, name="preview"),
    path("requests/<str:public_id>/settle/", desk.settle, name="settle"),
    path("requests/<str:public_id>/send-back/", desk.send_back, name="send_back"),
    path("requests/<str:public_id>/refuse/", letters.refuse, name="refuse"),
    path("requests/<str:public_id>/uphold/", letters.uphold, name="uphold"),
    path("requests/<str:public_id>/amend/", amending.amend, name="amend"),
    path("requests/<str:public_id>/missing/", letters.missing, name="missing"),
    path("amendments/", amending.waiting, name="amendments"),
    path("amendments/<str:public_id>/", amending.amendment, name="amendment"),
    path("letters/<str:public_id>/", letters.letter, name="letter"),
    path("requests/<str:public_id>/receive/", desk.receive, name="receive"),
    path("requests/<str:public_id>/reply/", desk.reply, name="reply"),
    path("papers/<str:paper_id>/pages/<int:number>/", desk.paper_page, name="page"),
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

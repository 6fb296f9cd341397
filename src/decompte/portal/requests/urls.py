"""Addresses of the requests."""

from django.urls import path

from decompte.portal.requests import correspondence, views

app_name = "requests"
urlpatterns = [
    path("", views.index, name="list"),
    path("new/", views.new, name="new"),
    path("<str:public_id>/", views.detail, name="detail"),
    path("<str:public_id>/lines/<int:position>/", views.line, name="line"),
    path("<str:public_id>/papers/", views.paper, name="paper"),
    path("<str:public_id>/papers/<str:paper_id>/clean.pdf", views.paper_file, name="paper_file"),
    path("<str:public_id>/care-form/", views.care_form, name="care_form"),
    path("<str:public_id>/calendar.ics", views.calendar, name="calendar"),
    path("<str:public_id>/send/", views.send, name="send"),
    path("<str:public_id>/announce/", views.announce, name="announce"),
    path("<str:public_id>/messages/", correspondence.write, name="write"),
    path("<str:public_id>/contest/", correspondence.contest, name="contest"),
    path("<str:public_id>/letters/<str:letter_id>.pdf", correspondence.letter, name="letter"),
    path("<str:public_id>/dossier.pdf", views.dossier_page, name="dossier"),
]

"""Addresses of the guide."""

from django.urls import path

from decompte.portal.guide import agencies, changes, household, sheets, views

app_name = "guide"
urlpatterns = [
    path("questions/", views.ask, name="ask"),
    path("questions/back/", views.step_back, name="back"),
    path("answer/", views.answer, name="answer"),
    path("answer/print/", views.answer_pdf, name="answer_pdf"),
    path("answer/calendar/", views.calendar, name="calendar"),
    path("answer/save/", views.save, name="save"),
    path("answer/<str:public_id>/", views.saved, name="saved"),
    path("answer/<str:public_id>/print/", views.saved_pdf, name="saved_pdf"),
    path("agencies/", agencies.index, name="agencies"),
    path("agencies/<slug:agency>/", agencies.page, name="agency"),
    path("changes/", changes.change, name="change"),
    path("solidarity/", household.page, name="solidarity"),
    path("late/", changes.late, name="late"),
    path("letters/", changes.letters, name="letters"),
    path("letters/<slug:kind>/", changes.letter, name="letter"),
    path("sheets/care-form/", sheets.care_form, name="care_form"),
    path("sheets/gp-choice/", sheets.gp_choice, name="gp_choice"),
]

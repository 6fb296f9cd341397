"""Addresses of a school's pages, and of the invitations it sends."""

from django.urls import path

from decompte.portal.school import invitations, views

app_name = "school"
urlpatterns = [
    path("", views.students, name="students"),
    path("list/", views.take_list, name="take_list"),
    path("report/", views.report, name="report"),
    path("report.csv", views.report_table, name="report_table"),
    path("students.csv", views.table, name="table"),
    path("invite/", views.invite, name="invite"),
    path("remind/", views.remind, name="remind"),
    path("invitations/<str:signed>/", invitations.open_invitation, name="invitation"),
]

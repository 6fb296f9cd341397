"""Addresses of the mailroom."""

from django.urls import path

from decompte.portal.mailroom import views

app_name = "mailroom"
urlpatterns = [
    path("", views.mailroom, name="mailroom"),
    path("pages/<str:public_id>/", views.settle, name="settle"),
    path("pages/<str:public_id>/picture.jpg", views.picture, name="picture"),
]

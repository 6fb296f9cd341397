"""Address of the estimate."""

from django.urls import path

from decompte.portal.decisions import views

app_name = "decisions"
urlpatterns = [path("<str:public_id>/", views.estimate, name="estimate")]

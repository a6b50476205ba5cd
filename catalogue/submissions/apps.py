from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    name = "catalogue.submissions"
    verbose_name = "Revisione"

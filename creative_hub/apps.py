from django.apps import AppConfig


class CreativeHubConfig(AppConfig):
    name = "creative_hub"
    verbose_name = "Creative Hub"

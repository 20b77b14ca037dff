from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "wevion.accounts"
    label = "accounts"
    verbose_name = "People and teams"

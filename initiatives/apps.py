from django.apps import AppConfig


class InitiativesConfig(AppConfig):
    name = "initiatives"
    verbose_name = "Annuaire"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from initiatives import keys
        from initiatives.submission import history

        keys.register()
        history.register()

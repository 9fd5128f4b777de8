from django.apps import AppConfig
from django.core import checks
from django.db import connections


class InnovGuideConfig(AppConfig):
    name = "innovguide"


@checks.register(checks.Tags.database)
def check_postgresql_version(app_configs, databases, **kwargs):
    """Run by `migrate`, hence at each start of bin/serve."""
    return [
        checks.Error(
            f"PostgreSQL {connections[alias].pg_version // 10000} est trop ancien : attendu 15 ou plus.",
            id="innovguide.E001",
        )
        for alias in databases or []
        if connections[alias].vendor == "postgresql" and connections[alias].pg_version < 150000
    ]

"""Breaking a truth of the database, to see that it holds."""

from contextlib import contextmanager

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import UniqueConstraint


def constraints():
    """Name → (model, constraint), for all those of our models."""
    return {
        constraint.name: (model, constraint)
        for model in apps.get_app_config("initiatives").get_models()
        for constraint in model._meta.constraints
    }


@contextmanager
def breaks(name):
    """What is done within breaks the constraint ``name``, and no other; the test goes on after it."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        yield
    assert _signature(name) in str(error.value) or f'"{name}"' in str(error.value)


def _signature(name):
    """What SQLite says: the name of a condition, the columns that are unique together."""
    model, constraint = constraints()[name]
    if not isinstance(constraint, UniqueConstraint):
        return f"constraint failed: {name}"
    columns = [model._meta.get_field(field).column for field in constraint.fields]
    return "UNIQUE constraint failed: " + ", ".join(f"{model._meta.db_table}.{column}" for column in columns)

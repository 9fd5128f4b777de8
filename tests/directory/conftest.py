import pytest


@pytest.fixture
def places(db):
    # Read late: pytest may load this file before Django is set up.
    from tests.factories import make_places

    return make_places()

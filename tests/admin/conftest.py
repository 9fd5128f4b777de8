import pytest

# The factories are read late: pytest may load this file before Django is set up.


@pytest.fixture
def team(client, db):
    """The browser of somebody of the team who may do everything."""
    from tests.factories import UserFactory

    client.force_login(UserFactory(email="equipe@exemple.test", is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def places(db):
    from tests.factories import make_places

    return make_places()

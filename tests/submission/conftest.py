import pytest

from tests.mail_server import MailServer, workers


@pytest.fixture
def lea(db):
    """A holder, known by their address."""
    from tests.factories import UserFactory
    from tests.submission.holding import ADDRESS

    return UserFactory(email=ADDRESS, name="Léa Martin")


@pytest.fixture
def as_lea(client, lea):
    """The browser of the test is theirs, once they have signed in."""
    client.force_login(lea)
    return client


@pytest.fixture
def mail_server(settings):
    """A mail server that this process writes to as well."""
    server = MailServer()
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    yield server
    server.stop()


@pytest.fixture
def start_worker(tmp_path, mail_server):
    """Starts a worker, in a process of its own, on the database of the test."""
    with workers(tmp_path, mail_server) as start:
        yield start

"""Headers, cookies and limits, on real answers."""

import runpy

import pytest
from django.conf import settings as site_settings
from django.http import HttpResponse
from django.test import Client, RequestFactory

from innovguide import middleware

POLICY = {
    "default-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "object-src 'none'",
}

HTTPS_SETTINGS = [
    "SITE_URL",
    "ALLOWED_HOSTS",
    "TRUSTED_PROXIES",
    "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE",
    "SECURE_SSL_REDIRECT",
    "SECURE_HSTS_SECONDS",
    "SECURE_PROXY_SSL_HEADER",
]


@pytest.fixture
def https(settings, monkeypatch):
    """The site as it is behind a proxy in https: `https(path)` asks as that proxy does."""
    monkeypatch.setenv("SITE_URL", "https://innovguide.example")
    monkeypatch.setenv("INNOVGUIDE_TRUSTED_PROXIES", "1")
    made = runpy.run_path(site_settings.BASE_DIR / "innovguide" / "settings.py")
    for name in HTTPS_SETTINGS:
        setattr(settings, name, made[name])
    client = Client()

    def get(path, scheme="https"):
        return client.get(path, headers={"Host": "innovguide.example", "X-Forwarded-Proto": scheme})

    return get


@pytest.fixture
def get_address(settings):
    """`get_address(proxies, forwarded)`: what the site holds for the visitor's address."""

    def get(proxies, forwarded):
        settings.TRUSTED_PROXIES = proxies
        seen = middleware.read_client_address(lambda request: HttpResponse(request.META["REMOTE_ADDR"]))
        request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": forwarded})
        response = seen(request)
        assert "HTTP_X_FORWARDED_FOR" not in request.META
        return response.text

    return get


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/admin/login/", "/sante/", "/nulle-part/", "/static/admin/css/base.css"])
def test_every_answer_carries_the_strict_policy(client, path):
    response = client.head(path)

    assert set(response["Content-Security-Policy"].split("; ")) == POLICY
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]
    assert "Access-Control-Allow-Origin" not in response


@pytest.mark.django_db
def test_in_http_cookies_work_and_nothing_promises_https(client):
    response = client.get("/admin/login/")

    assert not response.cookies["csrftoken"]["secure"]
    assert "Strict-Transport-Security" not in response


@pytest.mark.django_db
def test_a_form_opened_before_one_signed_in_elsewhere_says_what_to_do():
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "lea@exemple.test"})

    assert response.status_code == 403
    assert "Ce formulaire ne vaut plus" in response.text
    assert "Revenez en arrière, copiez ce que vous avez tapé" in response.text


@pytest.mark.django_db
def test_in_https_cookies_are_secure_and_browsers_keep_to_https(https):
    response = https("/admin/login/")

    cookie = response.cookies["csrftoken"]
    assert cookie["secure"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert response["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.django_db
def test_in_https_a_page_asked_in_http_is_redirected_but_not_the_probe(https):
    response = https("/initiatives/?q=eau", scheme="http")

    assert response.status_code == 301
    assert response["Location"] == "https://innovguide.example/initiatives/?q=eau"
    assert https("/sante/", scheme="http").status_code == 200


def test_without_a_trusted_proxy_nobody_says_that_the_page_is_in_https():
    assert site_settings.SECURE_PROXY_SSL_HEADER is None


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "10.0.0.1"),
        (1, "n’importe quoi", "10.0.0.1"),
        (1, "2001:db8::1", "2001:db8::1"),
    ],
)
def test_the_visitors_address_is_the_one_the_outermost_trusted_proxy_wrote(get_address, proxies, forwarded, address):
    assert get_address(proxies, forwarded.replace("’", "'")) == address


@pytest.mark.parametrize("path", ["/" + "a" * 1001, "/?q=" + "a" * 6001, "/?" + "theme=eau&" * 700, "/" + "é" * 200])
def test_an_address_that_is_too_long_gets_a_clear_page(client, path):
    response = client.get(path)

    assert response.status_code == 414
    assert "Cette adresse est trop longue" in response.text
    assert "Content-Security-Policy" in response


def test_a_body_that_is_too_big_gets_a_clear_page(client):
    response = client.post("/", b"", content_type="text/plain", CONTENT_LENGTH=str(site_settings.MAX_BODY_SIZE + 1))

    assert response.status_code == 413
    assert "trop volumineux" in response.text


def test_the_page_says_the_limit_that_is_set(client):
    response = client.post("/", b"", content_type="text/plain", CONTENT_LENGTH=str(site_settings.MAX_BODY_SIZE + 1))

    assert f"{site_settings.MAX_BODY_SIZE // 1024**2}\N{NO-BREAK SPACE}Mo" in response.text


@pytest.mark.django_db
def test_pages_and_static_files_are_compressed(client):
    page = client.get("/admin/login/", headers={"Accept-Encoding": "gzip"})
    assert page["Content-Encoding"] == "gzip"

    for encoding in ("gzip", "br"):
        style = client.head("/static/admin/css/base.css", headers={"Accept-Encoding": encoding})
        assert style["Content-Encoding"] == encoding


def test_static_files_carry_a_hash_and_are_kept_for_ever(client):
    from django.contrib.staticfiles.storage import staticfiles_storage

    url = staticfiles_storage.url("admin/css/base.css")

    assert url != "/static/admin/css/base.css"
    assert "immutable" in client.head(url)["Cache-Control"]


def test_imports_of_modules_are_hashed_too(tmp_path, settings):
    from innovguide.storage import HashedStaticFiles

    storage = HashedStaticFiles(location=tmp_path)
    (tmp_path / "page.js").write_text('import { fold } from "./words.js";\nfold();\n')
    (tmp_path / "words.js").write_text("export function fold() {}\n")
    list(storage.post_process({name: (storage, name) for name in ("page.js", "words.js")}))

    page = (tmp_path / storage.stored_name("page.js")).read_text()

    assert storage.stored_name("words.js") in page


def test_an_unknown_host_is_refused(client):
    assert client.get("/", headers={"Host": "ailleurs.example"}).status_code == 400

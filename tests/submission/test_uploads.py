"""What people upload is bounded as it comes in, whatever they announce; the rest of the form is kept."""

import resource
from io import BytesIO
from pathlib import Path

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.test import RequestFactory

from initiatives.submission.uploads import BoundedUploadHandler, DroppedFile

BIG = 3_000_000  # bytes: above what is kept in memory


@pytest.fixture
def room(settings, tmp_path):
    """The folder where uploads wait; it is empty again once a request was read."""
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "uploads")
    Path(settings.FILE_UPLOAD_TEMP_DIR).mkdir()
    return Path(settings.FILE_UPLOAD_TEMP_DIR)


@pytest.fixture
def sent():
    """``sent(*sizes)``: a form with a sentence before and after files of these sizes."""
    requests = []

    def send(*sizes, **headers):
        files = {f"file{number}": BytesIO(b"x" * size) for number, size in enumerate(sizes)}
        for name, file in files.items():
            file.name = f"{name}.jpg"
        environ = RequestFactory().post("/", {"before": "Dit avant.", **files, "after": "Dit après."}).environ | headers
        requests.append(WSGIRequest({name: value for name, value in environ.items() if value is not None}))
        return requests[-1]

    yield send
    for request in requests:
        request.close()


def assert_the_rest_is_kept(request):
    assert request.POST.dict() == {"before": "Dit avant.", "after": "Dit après."}


def test_files_below_the_bound_are_received(sent, settings, room):
    settings.MAX_UPLOAD_SIZE = 3 * BIG
    request = sent(BIG, 10, BIG)

    assert [request.FILES[f"file{number}"].size for number in range(3)] == [BIG, 10, BIG]
    assert len(request.FILES["file0"].read()) == BIG
    assert_the_rest_is_kept(request)


def test_what_passes_the_bound_is_dropped_with_a_sentence_and_the_rest_is_kept(sent, settings, room):
    settings.MAX_UPLOAD_SIZE = 4_000_000
    request = sent(BIG, BIG, 10)

    first, second, third = (request.FILES[f"file{number}"] for number in range(3))
    assert first.size == BIG
    for file in (second, third):
        assert isinstance(file, DroppedFile)
        assert (file.size, file.read()) == (0, b"")
        assert file.reason == (
            "Ces fichiers pèsent plus de 4 Mo à eux tous : envoyez-les en plusieurs fois, ou réduisez-les."
        )
    assert_the_rest_is_kept(request)
    assert len(list(room.iterdir())) == 1


def test_each_request_has_its_own_bound(sent, settings, room):
    settings.MAX_UPLOAD_SIZE = 4_000_000

    for _ in range(3):
        assert sent(BIG).FILES["file0"].size == BIG


def test_a_disk_that_fills_up_is_said_and_the_rest_is_kept(sent, room):
    """The system itself refuses to write more than four megabytes in one file."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_000_000, before[1]))
    try:
        request = sent(BIG, 5_000_000)
        files = request.FILES
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert len(files["file0"].read()) == BIG
    assert "la place manque" in files["file1"].reason
    assert_the_rest_is_kept(request)
    assert len(list(room.iterdir())) == 1


def test_a_file_for_which_there_is_no_room_costs_nothing_to_the_one_before(settings, room):
    handler = BoundedUploadHandler()

    def receive(name):
        handler.new_file(name, f"{name}.jpg", "image/jpeg", None)
        handler.receive_data_chunk(b"xyz", 0)
        return handler.file_complete(3)

    first = receive("first")
    settings.FILE_UPLOAD_TEMP_DIR = str(room / "gone")
    second = receive("second")

    with first:
        assert first.read() == b"xyz"
    assert "la place manque" in second.reason


def test_a_body_that_lies_about_its_length_is_not_read_further(sent, room):
    request = sent(BIG, CONTENT_LENGTH="1000")

    assert sum(file.size for file in request.FILES.values()) < 1000


def test_a_body_that_announces_no_length_is_not_read_at_all(sent, room):
    request = sent(BIG, CONTENT_LENGTH=None, HTTP_TRANSFER_ENCODING="chunked")

    assert not request.POST
    assert not request.FILES


def test_what_is_dropped_is_refused_by_any_form():
    from django import forms

    with pytest.raises(forms.ValidationError):
        forms.FileField().clean(DroppedFile("photo.jpg", "image/jpeg", "Trop lourd."))

"""What people upload is bounded as it comes in; what passes the bound is dropped, and the rest of the form is kept."""

import logging
from io import BytesIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

log = logging.getLogger(__name__)


class DroppedFile(UploadedFile):
    """A file that was not kept; ``reason`` is a sentence for whoever sent it. Empty, so that no form takes it."""

    def __init__(self, name, content_type, reason):
        super().__init__(BytesIO(), name, content_type, size=0)
        self.reason = reason


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Writes the files of one request on the disk, ``MAX_UPLOAD_SIZE`` bytes in all. One handler serves one request.

    What Django keeps in memory does not come here: ``FILE_UPLOAD_MAX_MEMORY_SIZE`` bounds it.
    """

    def __init__(self, request=None):
        super().__init__(request)
        self.total, self.reason = 0, ""

    def new_file(self, *args, **kwargs):
        self.reason = ""
        try:
            super().new_file(*args, **kwargs)
        except OSError:
            self.reason = self._want_of_room()

    def receive_data_chunk(self, raw_data, start):
        self.total += len(raw_data)
        if self.reason:
            return
        if self.total > settings.MAX_UPLOAD_SIZE:
            self._drop(
                f"Ces fichiers pèsent plus de {settings.MAX_UPLOAD_SIZE // 1_000_000} Mo à eux tous : "
                "envoyez-les en plusieurs fois, ou réduisez-les."
            )
            return
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError:
            self._drop(self._want_of_room())

    def file_complete(self, file_size):
        if self.reason:
            return DroppedFile(self.file_name, self.content_type, self.reason)
        return super().file_complete(file_size)

    def _drop(self, reason):
        self.reason = reason
        self.upload_interrupted()

    def _want_of_room(self):
        log.exception("an upload could not be written")
        return "Ce fichier n’a pas pu être reçu, la place manque sans doute sur le serveur : réessayez plus tard."

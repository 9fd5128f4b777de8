"""What stands for a mail server when there is none: each mail becomes a file."""

import re
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend


class MailFiles(BaseEmailBackend):
    """Writes each mail into ``EMAIL_FILE_PATH``, under the name of its Message-ID: sent twice, it is one file."""

    def send_messages(self, email_messages):
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        for mail in email_messages:
            message = mail.message()
            name = re.sub(r"[^\w.-]", "", message["Message-ID"].partition("@")[0])
            (folder / f"{name}.eml").write_bytes(message.as_bytes())
        return len(email_messages)

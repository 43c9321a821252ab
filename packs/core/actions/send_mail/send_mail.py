#!/usr/bin/env python3
"""Sends an e-mail. Its arguments are the action's positional parameters; see sendmail.yaml."""

import getpass
import mimetypes
import os
import shutil
import socket
import subprocess
import sys
from email.message import EmailMessage

WHERE_SENDMAIL_IS = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/lib"])


def main(binary, sender, to, subject, send_empty_body, content_type, body, attachments=""):
    if not body.strip() and send_empty_body != "1":
        print("Nothing to send: the body is empty")
        return 0
    program = shutil.which(binary or "sendmail", path=WHERE_SENDMAIL_IS)
    if program is None:
        print(f"there is no program `{binary or 'sendmail'}`: install one, or give `sendmail_binary`", file=sys.stderr)
        return 2
    message = compose(sender or getpass.getuser(), to, subject, content_type, body)
    for path in filter(None, (part.strip() for part in attachments.split(","))):
        attach(message, os.path.expanduser(path))
    # -t: the recipients are those of the message. -oi: a line with a dot alone does not end it.
    sent = subprocess.run([program, "-t", "-oi"], input=message.as_bytes(), check=False)
    if sent.returncode != 0:
        print(f"`{program}` did not take the e-mail to {to}: it ended with {sent.returncode}", file=sys.stderr)
        return 2
    print(f"Successfully sent mail to {to}")
    return 0


def compose(sender, to, subject, content_type, body):
    message = EmailMessage()
    message["From"] = sender if "@" in sender else f"{sender}@{socket.getfqdn()}"
    message["To"] = to
    message["Subject"] = subject
    message.set_content(body, subtype=content_type.partition("/")[2] or "plain")
    return message


def attach(message, path):
    main_type, _, subtype = (mimetypes.guess_type(path)[0] or "application/octet-stream").partition("/")
    with open(path, "rb") as file:
        message.add_attachment(file.read(), maintype=main_type, subtype=subtype, filename=os.path.basename(path))


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]))
    except (OSError, ValueError) as problem:
        sys.exit(f"the e-mail cannot be sent: {problem}")

import hashlib
import os
import tempfile
import urllib.parse

from st2common.runners.base_action import Action
from web import WebError, open_url

PIECE = 256 * 1024


class DownloadAction(Action):
    def run(self, url, path="~/Downloads", overwrite=False, sha256=None, timeout_seconds=60):
        target = target_of(url, os.path.abspath(os.path.expanduser(path)))
        if os.path.exists(target) and not overwrite:
            return (False, f"there already: {target}")
        os.makedirs(os.path.dirname(target), exist_ok=True)
        handle, aside = tempfile.mkstemp(suffix=".part", dir=os.path.dirname(target))
        try:
            with os.fdopen(handle, "wb") as file:
                size, digest = self._fetch(url, file, timeout_seconds)
            if sha256 and sha256.lower() != digest:
                return (False, f"the SHA-256 of {url} is {digest}, not {sha256}")
            os.chmod(aside, 0o666 & ~current_umask())
            os.replace(aside, target)
        except (OSError, WebError) as error:
            return (False, str(error))
        finally:
            if os.path.exists(aside):
                os.remove(aside)
        summary = f"{os.path.basename(target)} ({size} bytes) is in {os.path.dirname(target)}"
        return {"summary": summary, "path": target, "size": size, "sha256": digest}

    def _fetch(self, url, file, timeout):
        digest, size = hashlib.sha256(), 0
        with open_url(url, self.config.get("headers"), timeout) as response:
            if response.status >= 400:
                raise WebError(f"{url}: the status is {response.status}")
            expected = response.headers.get("Content-Length")
            for piece in iter(lambda: response.read(PIECE), b""):
                file.write(piece)
                digest.update(piece)
                size += len(piece)
        if expected is not None and size != int(expected):
            raise WebError(f"{url}: ended after {size} of {expected} bytes")
        return size, digest.hexdigest()


def target_of(url, path):
    if not os.path.isdir(path):
        return path
    name = os.path.basename(urllib.parse.unquote(urllib.parse.urlsplit(url).path).replace("\\", "/"))
    return os.path.join(path, name if name not in ("", ".", "..") else "download")


def current_umask():
    """Temporary files are made for their owner alone; a download has the rights of any new file."""
    mask = os.umask(0)
    os.umask(mask)
    return mask

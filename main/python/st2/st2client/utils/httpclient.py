"""HTTP as the managers need it, with answers in the shape that `requests` gives them."""

import base64
import json
import ssl
import urllib.error
import urllib.parse
import urllib.request

__all__ = ["HTTPClient", "Response", "get_url_without_trailing_slash"]

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def get_url_without_trailing_slash(value):
    return value[:-1] if value.endswith("/") else value


class Response:
    """An answer, also one that is an error."""

    def __init__(self, url, status_code, reason, headers, content):
        self.url = url
        self.status_code = status_code
        self.reason = reason
        self.headers = headers
        self.content = content

    @property
    def ok(self):
        return self.status_code < 400

    @property
    def text(self):
        return self.content.decode("utf-8", "replace")

    def json(self, **kwargs):
        return json.loads(self.text, **kwargs)

    def raise_for_status(self):
        if self.ok:
            return
        kind = "Client" if self.status_code < 500 else "Server"
        error = _http_error()(f"{self.status_code} {kind} Error: {self.reason} for url: {self.url}")
        error.response = self
        raise error


class HTTPClient:
    def __init__(self, root, cacert=None, debug=False, basic_auth=None):
        self.root = get_url_without_trailing_slash(root)
        self.cacert = cacert
        self.debug = debug
        self.basic_auth = basic_auth

    def get(self, url, **kwargs):
        return self._ask("GET", url, None, **kwargs)

    def post(self, url, data, **kwargs):
        return self._ask("POST", url, json.dumps(data), **_as_json(kwargs))

    def post_raw(self, url, data, **kwargs):
        return self._ask("POST", url, data, **kwargs)

    def put(self, url, data, **kwargs):
        return self._ask("PUT", url, json.dumps(data), **_as_json(kwargs))

    def patch(self, url, data, **kwargs):
        return self._ask("PATCH", url, data, **_as_json(kwargs))

    def delete(self, url, data=None, **kwargs):
        return self._ask("DELETE", url, data, **kwargs)

    def open(self, url, headers=None, params=None, token=None, api_key=None, timeout=None):
        """The answer while it comes, for a stream that has no end."""
        return self._open("GET", url, None, headers, params, token, api_key, None, timeout)

    def _ask(
        self, method, url, data, headers=None, params=None, token=None, api_key=None, auth=None, timeout=None, **_ignored
    ):
        try:
            answer = self._open(method, url, data, headers, params, token, api_key, auth, timeout)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return Response(answer.url, answer.status, answer.reason, answer.headers, answer.read())

    def _open(self, method, url, data, headers, params, token, api_key, auth, timeout):
        address = self.root + url
        if params:
            address += ("&" if "?" in url else "?") + urllib.parse.urlencode(params, doseq=True)
        body = data.encode("utf-8") if isinstance(data, str) else data
        request = urllib.request.Request(address, data=body, headers=dict(headers or {}), method=method)
        if token:
            request.add_header("X-Auth-Token", str(token))
        if api_key:
            request.add_header("St2-Api-Key", str(api_key))
        user = auth or self.basic_auth
        if user:
            secret = base64.b64encode(f"{user[0]}:{user[1]}".encode()).decode("ascii")
            request.add_header("Authorization", f"Basic {secret}")
        return self._opener(address).open(request, timeout=timeout)

    def _opener(self, address):
        """A proxy of the environment does not know this machine's own loopback."""
        parts = urllib.parse.urlsplit(address)
        handlers = [urllib.request.ProxyHandler({})] if parts.hostname in _LOOPBACK else []
        if parts.scheme == "https":
            handlers.append(urllib.request.HTTPSHandler(context=self._tls()))
        return urllib.request.build_opener(*handlers)

    def _tls(self):
        """As StackStorm's client: certificates are checked where it is told against what."""
        if isinstance(self.cacert, str) and self.cacert:
            return ssl.create_default_context(cafile=self.cacert)
        context = ssl.create_default_context()
        if not self.cacert:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context


def _as_json(kwargs):
    headers = {"content-type": "application/json", **(kwargs.get("headers") or {})}
    return {**kwargs, "headers": headers}


def _http_error():
    """What packs catch. `requests` takes a while to load, so only once something is wrong."""
    try:
        from requests.exceptions import HTTPError
    except ImportError:
        return OSError
    return HTTPError

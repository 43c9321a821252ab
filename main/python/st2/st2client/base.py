"""What scripts that were written as commands of `st2` begin with."""

from st2client.client import Client

__all__ = ["BaseCLIApp"]


class BaseCLIApp:
    """Makes a client of parsed arguments, and logs in where there is no key."""

    client = None

    def get_client(self, args, debug=False):
        names = ("base_url", "auth_url", "api_url", "stream_url", "api_version", "cacert", "token", "api_key")
        given = {name: getattr(args, name, None) for name in names}
        return Client(debug=debug, **{name: value for name, value in given.items() if value})

    def _get_auth_token(self, client, username, password, cache_token):
        from st2client.models import Token

        return client.tokens.create(Token(), auth=(username, password)).token

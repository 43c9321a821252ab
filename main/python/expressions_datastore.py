"""`st2kv.system.a.b` in a template: a key of the datastore, named step by step and read when its value is needed."""


def datastore_roots(ask):
    """The names that every template has beside its context."""
    system = DatastoreKey(ask, "system", ())
    return {"st2kv": {"system": system, "user": DatastoreKey(ask, "user", ())}, "system": system}


class DatastoreKey:
    """Key names may hold dots, so each further name only makes the key longer. A key that is not there reads as ""."""

    def __init__(self, ask, scope, names):
        self._ask = ask
        self._scope = scope
        self._names = names

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return self[name]

    def __getitem__(self, name):
        return DatastoreKey(self._ask, self._scope, (*self._names, str(name)))

    def __str__(self):
        if not self._names:
            raise KeyError("`st2kv.%s` needs the name of a key" % self._scope)
        return self._ask({"ask": "read", "scope": self._scope, "key": ".".join(self._names)}) or ""

    def __int__(self):
        return int(float(self))

    def __float__(self):
        return float(str(self))

    def _decrypted(self):
        text = str(self)
        if text == "":
            raise ValueError("the datastore has no `%s`, or it is empty" % ".".join(self._names))
        return self._ask({"ask": "decrypt", "encrypted": text})


def decrypt_kv(value):
    if not isinstance(value, DatastoreKey):
        raise ValueError("`decrypt_kv` takes a datastore key, for example `st2kv.system.token | decrypt_kv`")
    return value._decrypted()

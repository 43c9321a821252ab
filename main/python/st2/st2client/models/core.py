"""A resource is an object with the fields that the API gave it; a manager asks the API for resources of one kind."""

import functools
import json
import os
import urllib.parse

from st2client.utils import httpclient

__all__ = [
    "ActionAliasExecutionManager",
    "ActionAliasResourceManager",
    "ActionResourceManager",
    "AsyncRequest",
    "ConfigManager",
    "ExecutionResourceManager",
    "InquiryResourceManager",
    "KeyValuePairResourceManager",
    "PackResourceManager",
    "Resource",
    "ResourceManager",
    "StreamManager",
    "TriggerInstanceResourceManager",
    "WebhookManager",
    "add_auth_token_to_kwargs_from_env",
]


def add_auth_token_to_kwargs_from_env(function):
    """What lets the caller in is in the environment, unless it is given."""

    @functools.wraps(function)
    def with_token(*args, **kwargs):
        if not kwargs.get("token") and os.environ.get("ST2_AUTH_TOKEN"):
            kwargs["token"] = os.environ["ST2_AUTH_TOKEN"]
        if not kwargs.get("api_key") and os.environ.get("ST2_API_KEY"):
            kwargs["api_key"] = os.environ["ST2_API_KEY"]
        return function(*args, **kwargs)

    return with_token


class Resource:
    """Fields are attributes; which there are, the API decides."""

    _alias = None
    _display_name = None
    _url_path = None
    _plural = None
    _plural_display_name = None
    _repr_attributes = ()

    def __init__(self, *args, **kwargs):
        for name, value in kwargs.items():
            setattr(self, name, value)

    def to_dict(self, exclude_attributes=None):
        excluded = exclude_attributes or []
        return {
            name: value for name, value in vars(self).items() if not name.startswith("__") and name not in excluded
        }

    def serialize(self):
        return {name: value for name, value in vars(self).items() if not name.startswith("_")}

    @classmethod
    def deserialize(cls, doc):
        return cls(**(doc if isinstance(doc, dict) else json.loads(doc)))

    @classmethod
    def get_alias(cls):
        return cls._alias or cls.__name__

    @classmethod
    def get_display_name(cls):
        return cls._display_name or cls.__name__

    @classmethod
    def get_plural_name(cls):
        if not cls._plural:
            raise Exception(f"The {cls.__name__} class is missing class attributes in its definition.")
        return cls._plural

    @classmethod
    def get_plural_display_name(cls):
        return cls._plural_display_name or cls._plural

    @classmethod
    def get_url_path_name(cls):
        return cls._url_path or cls.get_plural_name().lower()

    def __repr__(self):
        if not self._repr_attributes:
            return super().__repr__()
        shown = ",".join(f"{name}={getattr(self, name, None)}" for name in self._repr_attributes)
        return f"<{type(self).__name__} {shown}>"


class ResourceManager:
    def __init__(self, resource, endpoint, cacert=None, debug=False, basic_auth=None):
        self.resource = resource
        self.endpoint = endpoint
        self.cacert = cacert
        self.debug = debug
        self.basic_auth = basic_auth
        self.client = httpclient.HTTPClient(endpoint, cacert=cacert, debug=debug, basic_auth=basic_auth)

    @staticmethod
    def handle_error(response):
        """Raises what `requests` would, with StackStorm's own words in it; returns for an answer that is well."""
        try:
            fault = (response.json() or {}).get("faultstring", "")
        except (ValueError, AttributeError) as error:
            response.reason = f"{response.reason}\nUnable to retrieve detailed message from the HTTP response. {error}\n"
        else:
            if fault:
                response.reason = f"{response.reason}\nMESSAGE: {fault}"
        response.raise_for_status()

    @add_auth_token_to_kwargs_from_env
    def get_all(self, **kwargs):
        params = dict(kwargs.pop("params", None) or {})
        for name in ("limit", "pack", "prefix", "user", "offset"):
            value = kwargs.pop(name, None)
            if value:
                params[name] = value
        response = self._checked(self.client.get(self._path(), params=params, **kwargs))
        return [self.resource.deserialize(item) for item in response.json()]

    @add_auth_token_to_kwargs_from_env
    def get_by_id(self, id, **kwargs):  # noqa: A002
        response = self.client.get(self._path(id), **kwargs)
        if response.status_code == 404:
            return None
        return self.resource.deserialize(self._checked(response).json())

    @add_auth_token_to_kwargs_from_env
    def get_by_ref_or_id(self, ref_or_id, **kwargs):
        return self.get_by_id(ref_or_id, **kwargs)

    @add_auth_token_to_kwargs_from_env
    def get_property(self, id_, property_name, self_deserialize=True, **kwargs):
        access, params = _split_access(kwargs)
        response = self.client.get(self._path(id_, property_name), params=params, **access)
        if response.status_code == 404:
            return None
        value = self._checked(response).json()
        return [self.resource.deserialize(item) for item in value] if self_deserialize else value

    @add_auth_token_to_kwargs_from_env
    def query(self, **kwargs):
        return self._query(kwargs)[0]

    @add_auth_token_to_kwargs_from_env
    def query_with_count(self, **kwargs):
        found, response = self._query(kwargs)
        count = response.headers.get("X-Total-Count") if response else None
        return found, None if count is None else int(count)

    @add_auth_token_to_kwargs_from_env
    def get_by_name(self, name, **kwargs):
        found = self.query(name=name, **kwargs)
        if len(found) > 1:
            raise Exception(f'More than one {self.resource.__name__.lower()} named "{name}" are found.')
        return found[0] if found else None

    @add_auth_token_to_kwargs_from_env
    def create(self, instance, **kwargs):
        response = self._checked(self.client.post(self._path(), instance.serialize(), **kwargs))
        return self.resource.deserialize(response.json())

    @add_auth_token_to_kwargs_from_env
    def update(self, instance, **kwargs):
        response = self._checked(self.client.put(self._path(instance.id), instance.serialize(), **kwargs))
        return self.resource.deserialize(response.json())

    @add_auth_token_to_kwargs_from_env
    def delete(self, instance, **kwargs):
        """True also where it was not there."""
        response = self.client.delete(self._path(instance.id), **kwargs)
        if response.status_code not in (200, 204, 404):
            self.handle_error(response)
            return False
        return True

    @add_auth_token_to_kwargs_from_env
    def delete_by_id(self, instance_id, **kwargs):
        """What the API answers, where it answers something."""
        response = self.client.delete(self._path(instance_id), **kwargs)
        if response.status_code not in (200, 204, 404):
            self.handle_error(response)
            return False
        return (response.json() if response.content else None) or True

    def _path(self, *parts):
        names = [urllib.parse.quote(str(part), safe="/:@") for part in parts]
        return "/" + "/".join([self.resource.get_url_path_name(), *names])

    def _checked(self, response):
        if response.status_code != 200:
            self.handle_error(response)
        return response

    def _query(self, kwargs):
        if not kwargs:
            raise Exception("Query parameter is not provided.")
        access, params = _split_access(kwargs)
        response = self.client.get(self._path(), params=params, **access)
        if response.status_code == 404:
            return [], None
        return [self.resource.deserialize(item) for item in self._checked(response).json()], response


class ActionResourceManager(ResourceManager):
    @add_auth_token_to_kwargs_from_env
    def get_entrypoint(self, ref_or_id, **kwargs):
        return self._checked(self.client.get(self._path("views", "entry_point", ref_or_id), **kwargs)).text


class ActionAliasResourceManager(ResourceManager):
    @add_auth_token_to_kwargs_from_env
    def match(self, instance, **kwargs):
        match = self._checked(self.client.post(self._path("match"), instance.serialize(), **kwargs)).json()
        return self.resource.deserialize(match["actionalias"]), match["representation"]


class ActionAliasExecutionManager(ResourceManager):
    @add_auth_token_to_kwargs_from_env
    def match_and_execute(self, instance, **kwargs):
        response = self._checked(self.client.post(self._path("match_and_execute"), instance.serialize(), **kwargs))
        return self.resource.deserialize(response.json()["results"][0])


class ExecutionResourceManager(ResourceManager):
    @add_auth_token_to_kwargs_from_env
    def re_run(self, execution_id, parameters=None, tasks=None, no_reset=None, delay=0, **kwargs):
        tasks, kept = tasks or [], no_reset or []
        if set(kept) - set(tasks):
            raise ValueError("List of tasks to reset does not match the tasks to rerun.")
        reset = [task for task in tasks if task not in kept]
        data = {"parameters": parameters or {}, "tasks": tasks, "reset": reset, "delay": delay}
        response = self._checked(self.client.post(self._path(execution_id, "re_run"), data, **kwargs))
        return self.resource.deserialize(response.json())

    @add_auth_token_to_kwargs_from_env
    def get_output(self, execution_id, output_type=None, **kwargs):
        params = {"output_type": output_type} if output_type else None
        return self._checked(self.client.get(self._path(execution_id, "output"), params=params, **kwargs)).text

    @add_auth_token_to_kwargs_from_env
    def get_result(self, execution_id, **kwargs):
        return self._checked(self.client.get(self._path(execution_id, "result"), **kwargs)).text

    @add_auth_token_to_kwargs_from_env
    def pause(self, execution_id, **kwargs):
        return self._set_status(execution_id, "pausing", kwargs)

    @add_auth_token_to_kwargs_from_env
    def resume(self, execution_id, **kwargs):
        return self._set_status(execution_id, "resuming", kwargs)

    @add_auth_token_to_kwargs_from_env
    def get_children(self, execution_id, **kwargs):
        params = {**(kwargs.pop("params", None) or {}), "depth": kwargs.pop("depth", -1)}
        response = self._checked(self.client.get(self._path(execution_id, "children"), params=params, **kwargs))
        return [self.resource.deserialize(item) for item in response.json()]

    def _set_status(self, execution_id, status, kwargs):
        response = self._checked(self.client.put(self._path(execution_id), {"status": status}, **kwargs))
        return self.resource.deserialize(response.json())


class InquiryResourceManager(ResourceManager):
    @add_auth_token_to_kwargs_from_env
    def respond(self, inquiry_id, inquiry_response, **kwargs):
        data = {"id": inquiry_id, "response": inquiry_response}
        return self.resource.deserialize(self._checked(self.client.put(self._path(inquiry_id), data, **kwargs)).json())


class TriggerInstanceResourceManager(ResourceManager):
    @add_auth_token_to_kwargs_from_env
    def re_emit(self, trigger_instance_id, **kwargs):
        return self._checked(self.client.post(self._path(trigger_instance_id, "re_emit"), None, **kwargs)).json()


class AsyncRequest(Resource):
    """Something that goes on as an execution."""


class PackResourceManager(ResourceManager):
    @add_auth_token_to_kwargs_from_env
    def install(self, packs, force=False, skip_dependencies=False, **kwargs):
        data = {"packs": packs, "force": force, "skip_dependencies": skip_dependencies}
        return AsyncRequest.deserialize(self._checked(self.client.post(self._path("install"), data, **kwargs)).json())

    @add_auth_token_to_kwargs_from_env
    def remove(self, packs, **kwargs):
        response = self._checked(self.client.post(self._path("uninstall"), {"packs": packs}, **kwargs))
        return AsyncRequest.deserialize(response.json())

    @add_auth_token_to_kwargs_from_env
    def search(self, args, ignore_errors=False, **kwargs):
        data = {"query": args.query} if "query" in vars(args) else {"pack": args.pack}
        response = self.client.post(self._path("index", "search"), data, **kwargs)
        if response.status_code != 200 and ignore_errors:
            return None
        found = self._checked(response).json()
        if isinstance(found, list):
            return [self.resource.deserialize(item) for item in found]
        return self.resource.deserialize(found) if found else None

    @add_auth_token_to_kwargs_from_env
    def register(self, packs=None, types=None, **kwargs):
        data = {name: value for name, value in (("types", types), ("packs", packs)) if value}
        return self.resource.deserialize(self._checked(self.client.post(self._path("register"), data, **kwargs)).json())


class ConfigManager(ResourceManager):
    @add_auth_token_to_kwargs_from_env
    def update(self, instance, **kwargs):
        response = self._checked(self.client.put(self._path(instance.pack), instance.values, **kwargs))
        return self.resource.deserialize(response.json())


class WebhookManager(ResourceManager):
    @add_auth_token_to_kwargs_from_env
    def post_generic_webhook(self, trigger, payload=None, trace_tag=None, **kwargs):
        headers = {"St2-Trace-Tag": trace_tag} if trace_tag else {}
        data = {"trigger": trigger, "payload": payload or {}}
        return self._checked(self.client.post("/webhooks/st2", data, headers=headers, **kwargs)).json()


class StreamManager:
    def __init__(self, endpoint, cacert=None, debug=False, basic_auth=None):
        self.client = httpclient.HTTPClient(endpoint, cacert=cacert, debug=debug, basic_auth=basic_auth)

    @add_auth_token_to_kwargs_from_env
    def listen(self, events=None, **kwargs):
        """The data of each event, as they come."""
        access, params = _split_access(kwargs)
        if events:
            params["events"] = events if isinstance(events, str) else ",".join(events)
        data = []
        with self.client.open("/stream", params=params, **access) as answer:
            for line in answer:
                text = line.decode("utf-8").rstrip("\r\n")
                if text.startswith("data:"):
                    data.append(text[5:].lstrip(" "))
                elif text == "" and data:
                    yield json.loads("\n".join(data))
                    data = []


class KeyValuePairResourceManager(ResourceManager):
    @add_auth_token_to_kwargs_from_env
    def get_by_name(self, name, **kwargs):
        """Keys are found by their name, not by a filter. An empty list where there is none, as in StackStorm."""
        access, params = _split_access(kwargs)
        response = self.client.get(self._path(name) + "/", params=params, **access)
        if response.status_code == 404:
            return []
        return self.resource.deserialize(self._checked(response).json())


def _split_access(kwargs):
    """What lets the caller in, and what is asked for."""
    params = dict(kwargs.get("params") or {})
    params.update({name: value for name, value in kwargs.items() if name not in ("token", "api_key", "params")})
    return {name: kwargs[name] for name in ("token", "api_key") if kwargs.get(name)}, params

"""Every resource of the API has its manager: `Client().executions.create(...)`, `Client().keys.get_by_name(...)`."""

import os
import warnings

from st2client import models
from st2client.models import core
from st2client.utils import httpclient

__all__ = ["Client"]

DEFAULT_BASE_URL = "http://127.0.0.1"
DEFAULT_API_PORT = 9101
DEFAULT_AUTH_PORT = 9100
DEFAULT_STREAM_PORT = 9102
DEFAULT_API_VERSION = "v1"

# What each manager is called, what it gives, and the class where the resource has more than the usual methods.
_MANAGERS = {
    "RunnerType": (models.RunnerType, core.ResourceManager),
    "Action": (models.Action, core.ActionResourceManager),
    "ActionAlias": (models.ActionAlias, core.ActionAliasResourceManager),
    "ActionAliasExecution": (models.ActionAliasExecution, core.ActionAliasExecutionManager),
    "ApiKey": (models.ApiKey, core.ResourceManager),
    "Config": (models.Config, core.ConfigManager),
    "ConfigSchema": (models.ConfigSchema, core.ResourceManager),
    "Execution": (models.Execution, core.ExecutionResourceManager),
    "Inquiry": (models.Inquiry, core.InquiryResourceManager),
    "Pack": (models.Pack, core.PackResourceManager),
    "Policy": (models.Policy, core.ResourceManager),
    "PolicyType": (models.PolicyType, core.ResourceManager),
    "Rule": (models.Rule, core.ResourceManager),
    "RuleEnforcement": (models.RuleEnforcement, core.ResourceManager),
    "Sensor": (models.Sensor, core.ResourceManager),
    "Timer": (models.Timer, core.ResourceManager),
    "Trace": (models.Trace, core.ResourceManager),
    "Trigger": (models.Trigger, core.ResourceManager),
    "TriggerInstance": (models.TriggerInstance, core.TriggerInstanceResourceManager),
    "TriggerType": (models.TriggerType, core.ResourceManager),
    "KeyValuePair": (models.KeyValuePair, core.KeyValuePairResourceManager),
    "Webhook": (models.Webhook, core.WebhookManager),
}


class Client:
    def __init__(
        self,
        base_url=None,
        auth_url=None,
        api_url=None,
        stream_url=None,
        api_version=None,
        cacert=None,
        debug=False,
        token=None,
        api_key=None,
        basic_auth=None,
    ):
        base = base_url or os.environ.get("ST2_BASE_URL", DEFAULT_BASE_URL)
        version = api_version or os.environ.get("ST2_API_VERSION", DEFAULT_API_VERSION)
        self.endpoints = {
            "base": base,
            "api": api_url or _from_environment("API_URL") or f"{base}:{DEFAULT_API_PORT}/{version}",
            "auth": auth_url or _from_environment("AUTH_URL") or f"{base}:{DEFAULT_AUTH_PORT}",
            "stream": stream_url or os.environ.get("ST2_STREAM_URL") or f"{base}:{DEFAULT_STREAM_PORT}/{version}",
        }
        self.cacert = cacert if cacert is not None else os.environ.get("ST2_CACERT")
        if isinstance(self.cacert, str) and self.cacert and not os.path.isfile(self.cacert):
            raise ValueError(f'CA cert file "{self.cacert}" does not exist.')
        self.debug = debug
        # Managers look for both in the environment, as in StackStorm: a token of an action is there from the start.
        self.token = _remember("ST2_AUTH_TOKEN", token)
        self.api_key = _remember("ST2_API_KEY", api_key)
        self.basic_auth = _split_basic_auth(basic_auth)
        shared = {"cacert": self.cacert, "debug": debug, "basic_auth": self.basic_auth}
        self.managers = {
            name: manager(resource, self.endpoints["api"], **shared) for name, (resource, manager) in _MANAGERS.items()
        }
        self.managers["Token"] = core.ResourceManager(models.Token, self.endpoints["auth"], **shared)
        self.managers["LiveAction"] = self.managers["Execution"]
        self.managers["Stream"] = core.StreamManager(self.endpoints["stream"], **shared)

    @core.add_auth_token_to_kwargs_from_env
    def get_user_info(self, **kwargs):
        """Who the API takes the caller for."""
        client = httpclient.HTTPClient(self.endpoints["api"], self.cacert, self.debug, self.basic_auth)
        response = client.get("/user", **kwargs)
        if response.status_code != 200:
            core.ResourceManager.handle_error(response)
        return response.json()

    @property
    def liveactions(self):
        """The old name of `executions`."""
        warnings.warn("st2client.liveactions has been renamed to st2client.executions", DeprecationWarning, stacklevel=2)
        return self.executions

    actions = property(lambda self: self.managers["Action"])
    actionaliases = property(lambda self: self.managers["ActionAlias"])
    apikeys = property(lambda self: self.managers["ApiKey"])
    configs = property(lambda self: self.managers["Config"])
    executions = property(lambda self: self.managers["Execution"])
    inquiries = property(lambda self: self.managers["Inquiry"])
    keys = property(lambda self: self.managers["KeyValuePair"])
    packs = property(lambda self: self.managers["Pack"])
    policies = property(lambda self: self.managers["Policy"])
    policytypes = property(lambda self: self.managers["PolicyType"])
    ruleenforcements = property(lambda self: self.managers["RuleEnforcement"])
    rules = property(lambda self: self.managers["Rule"])
    runners = property(lambda self: self.managers["RunnerType"])
    sensors = property(lambda self: self.managers["Sensor"])
    tokens = property(lambda self: self.managers["Token"])
    trace = property(lambda self: self.managers["Trace"])
    triggerinstances = property(lambda self: self.managers["TriggerInstance"])
    triggers = property(lambda self: self.managers["Trigger"])
    triggertypes = property(lambda self: self.managers["TriggerType"])
    webhooks = property(lambda self: self.managers["Webhook"])


def _from_environment(name):
    return os.environ.get(f"ST2_{name}") or os.environ.get(f"ST2_ACTION_{name}")


def _remember(name, value):
    if value:
        os.environ[name] = value
    return value


def _split_basic_auth(text):
    if not text:
        return None
    user, colon, password = text.partition(":")
    if not colon:
        raise ValueError("basic_auth config options needs to be in the username:password notation")
    return user, password

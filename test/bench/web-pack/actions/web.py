import requests
import yaml
from st2common.runners.base_action import Action


class Web(Action):
    def run(self, path):
        return [yaml.safe_load(path), requests.__name__]

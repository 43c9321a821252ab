import json

from st2common.runners.base_action import Action
from web import WebError, ask, look_up


class GetAction(Action):
    def run(self, url, headers=None, path=None, timeout_seconds=30):
        try:
            answer = ask(url, {**(self.config.get("headers") or {}), **(headers or {})}, timeout_seconds)
        except WebError as error:
            return (False, str(error))
        text = answer.body.decode("utf-8", "replace")
        value = parse(text)
        result = {
            "summary": f"{answer.status}, {len(answer.body)} bytes",
            "status": answer.status,
            "headers": answer.headers,
            "body": text,
            "json": look_up(value, path) if path else value,
        }
        return (answer.status < 400, result)


def parse(text):
    try:
        return json.loads(text)
    except ValueError:
        return None

"""The protocol between the app and its Python processes.

Starting. Both wrappers get what is no secret as command-line options and, with `--setup-from-stdin`, the rest as one
JSON object on stdin. Without that option they take everything from the command line, for use by hand.

    python_action_wrapper.py --pack P --file-path F --setup-from-stdin     reads stdin to its end:
        {"parameters": {}, "config": {}, "context": {"execution_id": "…", "user": "…", "log_level": "…"}, "bus": {…}}
    sensor_wrapper.py --pack P --file-path F --class-name C --setup-from-stdin     reads one line of stdin:
        {"config": {}, "bus": {"host": "…", "port": 1883, "username": "…", "password": "…", "client_id": "…"},
         "report": {"topic": "…", "run": 1},
         "triggers": [{"id": "…", "ref": "…", "type": "…", "parameters": {}}], "listen_to": "…", "user": "…"}
        and keeps stdin as its lifeline: when it closes, the app is gone, and the sensor ends as if told to.

    Every key may be absent. User code never sees this stdin: it reads an empty one. An action's set-up may also hold
    "limits": {"memory": bytes, "cpu": seconds, "files": count} and "report_imports": true.

Started ahead. `python_action_wrapper.py --standby` reads a line of stdin, what to import ahead, as `h` below; says in a
    line on stdout that it is ready, as `y` below, or that a module is unfit, as `b`, and then it ends; and reads stdin to
    its end: a line with {"arguments": [], "env": {}}, the options as above and what differs in the environment (null: not
    there), then the set-up. Nothing at all: it ends.
    `python_action_wrapper.py --serve` forks a process for each action. It speaks in frames over descriptor 3, both ways:
    four bytes of length, a letter, four bytes of the job's number, the payload.
        h  to it, once: {"ours": [], "ours_from": [], "modules": [], "modules_from": []}, what to import ahead, and from
           which folders beside its own path
        y  ready: {"imported": [], "failed": [], "ms": 0}, or b: a module is unfit, {"module": "…", "why": "…"}, and it ends
        r  to it: run a job, a line with {"arguments": [], "env": {}, "result": "…"}, the file of the result, then the set-up
        a  accepted: from here on it may have run; with a process id where one was forked ahead
        s  started: the id of its process; n  refused, why: nothing has run
        o  e  a piece of stdout, of stderr
        k  to it: a byte, the signal for the job's process group
        x  ended: a line with {"code": 0} or {"signal": 9}, and {"size": 0} of the result, then the result
    When the channel closes, all its children end, and it too.

Environment.
    STORMLET_RESULT      action: the file that receives the result (absent: the result is the last line of stdout)
    STORMLET_DATASTORE   where there is no bus: SQLite file of the datastore (absent: values live as long as the process)
    STORMLET_PACKS       folders that hold packs, for `get_pack_base_path`, joined as PATH is
    Set for user code: ST2_ACTION_PACK_NAME, ST2_ACTION_EXECUTION_ID. The first two above are taken out of its sight.

An action's result. {"status": true | false | null, "result": <JSON>}; read once the process is gone, and where it does not
    end with `}`, the process was ended while it wrote: then there is none.
    With `report_imports`, "imported": names of modules that were loaded, none of the pack's own. After a limit was
    reached, {"limit": "memory" | "files"}.
    `status` is null where `run` returned data alone. No file: `run` did not come to its end. stdout and stderr carry
    whatever the action prints and are never parsed.

Exit codes of both.
    0    it answered, or ended because it was told to (SIGTERM, SIGINT, lifeline)
    1    user code raised; the traceback is on stderr
    2    it was started wrongly: options, file, class; one line `stormlet: …` on stderr, then `hint: …`
    220  `run` returned a pair whose first item is no bool
    any other: user code's own

A sensor's messages. MQTT 3.1.1, QoS 1, to `stormlet/triggers/<pack>/<name>`, the name percent-encoded; body:
    {"id": "<uuid>", "payload": {} | null, "trace_tag": "…" | null, "occurred_at": "<ISO 8601, UTC>"}
    The PUBACK means: recorded. A message that had none is sent again with its id. Without a bus the same object, with
    "trigger" in front, is a line on stdout.
    From the topic `listen_to`, retained and at QoS 0, it hears all that `triggers` then should be, whenever that changes.
    To the topic of `report`, once its file is loaded, after each import that is new, whenever the bus is back, and at the
    end: {"run": 1, "dropped": 0, "imports": {"files": [], "folders": [], "missing": []}}

Calls on the datastore, of sensors and actions, where there is a bus. On a connection of its own, at QoS 0, to
    `stormlet/datastore/<pack>/<client id>/request`, answered on `…/response`; values are texts, `ttl` is in seconds.
    {"id": 1, "do": "get", "name": "…", "decrypt": false}                             {"id": 1, "value": "…" | null}
    {"id": 2, "do": "set", "name": "…", "value": "…", "ttl": null, "encrypt": false}  {"id": 2}
    {"id": 3, "do": "delete", "name": "…"}                                            {"id": 3, "value": true | false}
    {"id": 4, "do": "list", "prefix": "…", "limit": null}                             {"id": 4, "value": [["name", "value"]]}
    or {"id": 1, "error": "…"}
"""

from __future__ import annotations

import binascii
import os
import time

from . import quick_json

TYPE_CHECKING = False  # As `typing` has it; the import costs a tenth of an action's start.
if TYPE_CHECKING:
    from typing import Any

TRIGGER_TOPICS = "stormlet/triggers"
_DATASTORE_TOPICS = "stormlet/datastore"

EXIT_FAILED = 1
EXIT_MISUSE = 2
EXIT_NOT_A_STATUS = 220

RESULT_VARIABLE = "STORMLET_RESULT"
DATASTORE_VARIABLE = "STORMLET_DATASTORE"
PACKS_VARIABLE = "STORMLET_PACKS"

# What JavaScript's encodeURIComponent leaves as it is.
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()")
_LONGEST_REFERENCE = 500
_DEEPEST = 100


def trigger_topic(trigger: str) -> str:
    """`pack.name`, where the name may hold dots, as a topic. ValueError when it is no such reference."""
    pack, _, name = trigger.partition(".")
    if not (pack and name and len(trigger) <= _LONGEST_REFERENCE):
        raise ValueError(f"`{trigger[:_LONGEST_REFERENCE]}` is no trigger reference (`pack.name`)")
    return f"{TRIGGER_TOPICS}/{_segment(pack)}/{_segment(name)}"


def datastore_topic(pack: str, client: str, end: str) -> str:
    """Where that MQTT client asks (`request`), and where it is answered (`response`)."""
    return f"{_DATASTORE_TOPICS}/{_segment(pack)}/{_segment(client)}/{end}"


def _segment(name: str) -> str:
    return "".join(chr(byte) if byte in _UNRESERVED else f"%{byte:02X}" for byte in name.encode("utf-8", "replace"))


def sensor_message(payload: object, trace_tag: object) -> dict[str, object]:
    """The body of a trigger message, of JSON values only. Never raises for a payload."""
    return {
        "id": _new_id(),
        "payload": to_plain(payload),
        "trace_tag": None if trace_tag is None else str(trace_tag),
        "occurred_at": _now(),
    }


def _new_id() -> str:
    """A version 7 UUID, which begins with its time, as the app's own; the `uuid` module would import a dozen others."""
    raw = bytearray(int(time.time() * 1000).to_bytes(6, "big") + os.urandom(10))
    raw[6] = raw[6] & 0x0F | 0x70
    raw[8] = raw[8] & 0x3F | 0x80
    text = raw.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def _now() -> str:
    moment = time.time()
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(moment)) + f".{int(moment * 1000) % 1000:03d}Z"


def encode_result(status: object, result: object) -> str:
    """The result object. What is no JSON becomes text, as in StackStorm: `str` beside a status, else `repr`."""
    try:
        return _strict_json({"status": status, "result": result})
    except (TypeError, ValueError, RecursionError):
        text = repr(result) if status is None else str(result)
        return _strict_json({"status": status, "result": text})


def _strict_json(value: object) -> str:
    try:
        return quick_json.dumps(value, default=_known_type, allow_nan=False)
    except ValueError:
        # JSON has no NaN and no infinity, and a text that holds one is unreadable to the other side. A second time
        # around, what is wrong with a circular value is raised again.
        return quick_json.dumps(_without_nan(quick_json.loads(quick_json.dumps(value, default=_known_type))))


def _known_type(value: Any) -> object:
    """The types that StackStorm's own encoder takes. TypeError for any other."""
    if callable(getattr(value, "__json__", None)):
        return value.__json__()
    if isinstance(value, (bytes, bytearray)):
        return value.decode("utf-8")
    if callable(getattr(value, "isoformat", None)):
        return value.isoformat()
    if type(value).__module__ == "uuid":
        return str(value)
    raise TypeError(f"{type(value).__name__} is no JSON")


def _without_nan(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without_nan(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_nan(item) for item in value]
    return None if isinstance(value, float) and (value != value or value in (float("inf"), -float("inf"))) else value


def to_plain(value: object, depth: int = 0) -> object:
    """The nearest JSON value of anything: an event is never lost for its type."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str.__str__(value)  # The text itself, also of an enum's member.
    if isinstance(value, int):
        return int.__int__(value)
    if isinstance(value, float):
        return _without_nan(float(value))
    if isinstance(value, (bytes, bytearray, memoryview)):
        return _text_of(bytes(value))
    if depth >= _DEEPEST:
        return f"<deeper than {_DEEPEST} levels>"
    if isinstance(value, dict):
        return {_key(key): to_plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [to_plain(item, depth + 1) for item in value]
    return _foreign(value)


def _text_of(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return binascii.b2a_base64(data, newline=False).decode("ascii")


def _key(key: object) -> str:
    """As `json` writes keys, and any other by its text."""
    if isinstance(key, str):
        return key
    if isinstance(key, (bytes, bytearray)):
        return _text_of(bytes(key))
    if key is None or isinstance(key, (bool, int, float)):
        return quick_json.dumps(key)
    return _foreign(key)


def _foreign(value: Any) -> str:
    try:
        return value.isoformat() if callable(getattr(value, "isoformat", None)) else str(value)
    except Exception as error:
        return f"<{type(value).__name__} that cannot be printed: {type(error).__name__}>"

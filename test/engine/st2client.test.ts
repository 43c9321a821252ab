import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findTestPython, PYTHON_FOLDER } from '../support/python.ts';
import { startTestEngine, type TestEngine } from '../support/test-engine.ts';

const PACK = {
  'pack.yaml': 'ref: demo\nname: demo\ndescription: d\nversion: 1.0.0\nauthor: a\n',
  'triggers/seen.yaml': 'name: seen\n',
  'rules/on_seen.yaml': 'name: on_seen\ntrigger: {type: demo.seen}\naction: {ref: core.noop}\n',
  'aliases/say.yaml': 'name: say\naction_ref: core.local\nformats: ["say {{cmd}}"]\n',
  'actions/ask.yaml': 'name: ask\nrunner_type: python-script\nentry_point: ask.py\nparameters: {key: {type: string}}\n',
  'actions/ask.py': `
from st2client.client import Client
from st2client.models import KeyValuePair
from st2common.runners.base_action import Action


class Ask(Action):
    def run(self, key):
        client = Client(base_url="http://localhost")
        client.keys.update(KeyValuePair(name=key, value="from the action", secret=True))
        mine = client.executions.query(status="running", action="demo.ask")
        return {"value": client.keys.get_by_name(key, decrypt=True).value, "running": len(mine)}
`,
};

let engine: TestEngine;
let environment: Record<string, string>;
beforeAll(async () => {
  engine = await startTestEngine();
  for (const [file, text] of Object.entries(PACK)) {
    const place = path.join(engine.home, 'source', 'demo', file);
    await mkdir(path.dirname(place), { recursive: true });
    await writeFile(place, text);
  }
  await engine.install(path.join(engine.home, 'source', 'demo'));
  environment = { PYTHONPATH: path.join(PYTHON_FOLDER, 'st2'), ...engine.engine.api.environment('test') };
});
afterAll(() => engine[Symbol.asyncDispose]());

/** Runs code with a \`client\`, under nothing but the standard library; what it puts into \`out\` comes back. */
async function python(code: string, env: Record<string, string> = {}): Promise<Record<string, unknown>> {
  const program = `
import json, time
from st2client import models
from st2client.client import Client
client = Client()
out = {}
def ended(id):
    for _ in range(1000):
        found = client.executions.get_by_id(id)
        if getattr(found, "end_timestamp", None):
            return found
        time.sleep(0.01)
def fails(work):
    try:
        work()
    except Exception as error:
        return str(error)
${code}
print(json.dumps(out))`;
  const args = ['-W', 'ignore', '-S', '-c', program];
  const end = await execa(await findTestPython(), args, { env: { ...environment, ...env }, reject: false });
  if (end.exitCode !== 0) throw new Error(end.stderr);
  return JSON.parse(end.stdout);
}

test('executions are made, waited for, found, run again, canceled and read', async () => {
  const out = await python(`
made = client.liveactions.create(models.LiveAction(action="core.local", parameters={"cmd": "echo hi"}))
found = ended(made.id)
out["made"] = [type(made).__name__, made.status, made.action["ref"]]
out["ended"] = [found.status, found.result["stdout"], found.to_dict(exclude_attributes=["result"]).get("result")]
out["output"] = client.executions.get_output(made.id, output_type="stdout")
out["result"] = json.loads(client.executions.get_result(made.id))["return_code"]
again = client.executions.re_run(made.id, parameters={"cmd": "echo again"})
out["again"] = ended(again.id).result["stdout"]
items, count = client.executions.query_with_count(action="core.local", limit=1)
out["query"] = [len(items), count]
long = client.executions.create(models.Execution(action="core.local", parameters={"cmd": "sleep 60"}))
client.executions.delete_by_id(long.id)
out["canceled"] = ended(long.id).status
out["children"] = client.executions.get_children(made.id)
out["none"] = client.executions.get_by_id("none")
out["wrong"] = fails(lambda: client.executions.create(models.Execution(action="core.local", parameters={"no": 1})))
out["property"] = client.executions.get_property(made.id, "result", self_deserialize=False)["stdout"]
`);
  expect(out).toMatchObject({
    made: ['Execution', 'requested', 'core.local'],
    ended: ['succeeded', 'hi', null],
    output: 'hi',
    result: 0,
    again: 'again',
    query: [1, 2],
    canceled: 'canceled',
    children: [],
    none: null,
    property: 'hi',
  });
  expect(out.wrong).toContain('400 Client Error: Bad Request\nMESSAGE: ');
  expect(out.wrong).toContain('unknown parameter: `no`');
});

test('keys are set, read in clear, listed and deleted', async () => {
  expect(
    await python(`
client.keys.update(models.KeyValuePair(name="demo.a", value="1", ttl=100))
client.keys.update(models.KeyValuePair(name="demo.b", value="s3cret", secret=True))
out["plain"] = client.keys.get_by_name("demo.a").value
out["masked"] = client.keys.get_by_name("demo.b").value
out["clear"] = client.keys.get_by_name("demo.b", decrypt=True).value
out["listed"] = [key.name for key in client.keys.get_all(prefix="demo.")]
out["deleted"] = client.keys.delete(client.keys.get_by_name("demo.a"))
out["gone"] = client.keys.get_by_name("demo.a")
out["id"] = client.keys.get_by_id("demo.b").id
`),
  ).toEqual({
    plain: '1',
    masked: '********',
    clear: 's3cret',
    listed: ['demo.a', 'demo.b'],
    deleted: true,
    gone: [],
    id: 'demo.b',
  });
});

test('actions, rules, triggers, packs and aliases are found; rules are made and switched, events sent, sentences run', async () => {
  expect(
    await python(`
out["action"] = client.managers["Action"].get_by_ref_or_id("core.local").runner_type
out["actions"] = "core.noop" in [action.ref for action in client.actions.get_all(pack="core", limit=-1)]
rule = client.rules.get_by_name(name="on_seen", pack="demo")
rule.enabled = True
out["switched"] = client.rules.update(rule).enabled
made = client.rules.create(models.Rule(name="made", enabled=True, trigger={"type": "demo.seen"}, action={"ref": "core.noop"}))
out["rule"] = [made.ref, client.rules.delete(made), client.rules.get_by_id(made.ref)]
out["trigger"] = [client.triggertypes.get_by_id("demo.seen").name, client.triggers.get_all(pack="demo")[0].ref]
client.webhooks.post_generic_webhook(trigger="demo.seen", payload={"a": 1}, trace_tag="t")
instance = client.triggerinstances.query(trigger="demo.seen")[0]
out["instance"] = [instance.payload, client.triggerinstances.re_emit(instance.id)["payload"]["a"]]
out["pack"] = [client.packs.get_by_id("demo").version, "demo" in [pack.ref for pack in client.packs.get_all()]]
alias, representation = client.managers["ActionAlias"].match(models.ActionAliasMatch(command="say echo hi"))
run = client.managers["ActionAliasExecution"].match_and_execute(models.ActionAliasExecution(command="say 'echo hi'", source_channel="c"))
out["alias"] = [alias.action_ref, representation, ended(run.execution["id"]).result["stdout"]]
out["user"] = client.get_user_info()["username"]
`),
  ).toEqual({
    action: 'local-shell-cmd',
    actions: true,
    switched: true,
    rule: ['default.made', true, null],
    trigger: ['seen', 'demo.seen'],
    instance: [{ a: 1 }, 1],
    pack: ['1.0.0', true],
    alias: ['core.local', 'say {{cmd}}', 'hi'],
    user: 'stormlet',
  });
});

test('questions are answered, and events listened to', async () => {
  expect(
    await python(`
import threading
heard = []
def listen():
    for event in client.managers["Stream"].listen(["st2.execution__*"], end_event="st2.execution__update", end_execution_id=asked.id):
        heard.append((event["id"], event["status"]))
asked = client.executions.create(models.Execution(action="core.ask", parameters={"schema": {"type": "object", "properties": {"go": {"type": "boolean"}}}}))
while client.executions.get_by_id(asked.id).status != "pending":
    time.sleep(0.01)
listening = threading.Thread(target=listen)
listening.start()
while not heard:
    client.executions.create(models.Execution(action="core.noop"))
out["open"] = [inquiry.id for inquiry in client.inquiries.get_all()] == [asked.id]
out["answered"] = client.inquiries.respond(asked.id, {"go": True}).response
listening.join(10)
out["heard"] = heard[-1:] == [(asked.id, "succeeded")]
`),
  ).toEqual({ open: true, answered: { go: true }, heard: true });
});

describe('who is let in', () => {
  test('one without a token is told so, in the words of the API', async () => {
    const env = { ST2_AUTH_TOKEN: '', ST2_ACTION_AUTH_TOKEN: '' };
    expect(await python('out["why"] = fails(lambda: client.actions.get_all())', env)).toEqual({
      why: expect.stringContaining('401 Client Error: Unauthorized\nMESSAGE: Unauthorized - One of Token or API key'),
    });
  });

  test('a script with a key, and one that logs in with it', async () => {
    const { key } = await engine.client.apiKeys.create({});
    const url = String(environment.ST2_API_URL);
    const env = { ST2_AUTH_TOKEN: '', ST2_API_URL: '', ST2_ACTION_API_URL: '', KEY: key, URL: url };
    const code = `
import os
from st2client.base import BaseCLIApp
out["key"] = len(Client(api_url=os.environ["URL"], api_key=os.environ["KEY"]).packs.get_all()) > 0
del os.environ["ST2_API_KEY"]
login = Client(api_url=os.environ["URL"], auth_url=os.environ["URL"])
token = BaseCLIApp()._get_auth_token(login, "me", os.environ["KEY"], False)
out["token"] = len(Client(api_url=os.environ["URL"], token=token).packs.get_all()) > 0`;
    expect(await python(code, env)).toEqual({ key: true, token: true });
  });

  test('a Python action, with no arguments for the client', async () => {
    const { status, result } = await engine.run('demo.ask', { key: 'demo.made' });
    expect([status, result]).toMatchObject(['succeeded', { result: { value: 'from the action', running: 1 } }]);
  });
});

import path from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, test } from 'vitest';
import { jinjaPython } from '../support/jinja-python.ts';
import { PYTHON_FOLDER, tempPack } from '../support/python.ts';

/** Runs code beside what packs import, under an interpreter that has jinja2 and PyYAML; gives what it puts into `out`. */
async function python(code: string, env: Record<string, string> = {}): Promise<Record<string, unknown>> {
  const program = `import json\nout = {}\n${code}\nprint(json.dumps(out))`;
  const PYTHONPATH = path.join(PYTHON_FOLDER, 'st2');
  const end = await execa(await jinjaPython(), ['-c', program], { env: { PYTHONPATH, ...env }, reject: false });
  if (end.exitCode !== 0) throw new Error(end.stderr);
  return JSON.parse(end.stdout);
}

describe('st2common.util.jinja', () => {
  let out: Record<string, unknown>;
  beforeAll(async () => {
    out = await python(`
import sys
from st2common.util import jinja
before = list(sys.path)
environment = jinja.get_jinja_environment()
out["filters"] = environment.from_string("{{ 61 | to_human_time_from_seconds }} {{ v | to_json_string }} {{ 1 is in [1] }}").render(v={"a": 1})
out["clean"] = sys.path == before
out["lenient"] = jinja.get_jinja_environment(allow_undefined=True).from_string("[{{ nothing }}]").render()
try:
    environment.from_string("{{ nothing }}").render()
except Exception as error:
    out["strict"] = type(error).__name__
out["values"] = jinja.render_values({"a": "{{ x }}", "b": {"c": ["{{ x }}", 1]}, "d": 5, "e": "plain"}, {"x": "1"})
out["none"] = jinja.render_values({"a": "{{ x }}"}, {})
try:
    jinja.render_values({"a": "ok", "b": "{{ y }}"}, {"x": 1})
except Exception as error:
    out["failed"] = [error.key, error.value]
out["is"] = [jinja.is_jinja_expression(text) for text in ("{{ a }}", "{% if a %}", "a", None)]
out["raw"] = jinja.convert_jinja_to_raw_block({"a": ["{{ x }}", "y"]})
`);
  });

  test('has StackStorm’s filters and strictness, and leaves the search path as it was', () => {
    expect(out).toMatchObject({ filters: '1m1s {"a": 1} True', clean: true, lenient: '[]', strict: 'UndefinedError' });
  });

  test('renders values, keeps what is no template, and names the value that fails', () => {
    expect(out).toMatchObject({
      values: { a: '1', b: { c: ['1', 1] }, d: 5, e: 'plain' },
      none: { a: '{{ x }}' },
      failed: ['b', '{{ y }}'],
      is: [true, true, false, false],
      raw: { a: ['{% raw %}{{ x }}{% endraw %}', 'y'] },
    });
  });
});

test('oslo_config knows where packs and the API are, and options that a pack registers', async () => {
  const code = `
from oslo_config import cfg
CONF = cfg.CONF
out["packs"] = CONF.content.system_packs_base_path
out["api"] = CONF.auth.api_url
CONF.register_opts([cfg.StrOpt("my-name", default="x"), cfg.IntOpt("n")], group="mine")
CONF.register_opt(cfg.BoolOpt("top", default=True))
out["own"] = [CONF.mine.my_name, CONF.mine.n, CONF.top, CONF["mine"].get("none", 5)]
CONF.set_override("my_name", "y", group="mine")
out["set"] = CONF.mine.my_name
try:
    CONF.database.host
except cfg.NoSuchOptError as error:
    out["none"] = str(error)
`;
  const env = { STORMLET_PACKS: ['/data/packs', '/other'].join(path.delimiter), ST2_API_URL: 'http://127.0.0.1:1/v1' };
  expect(await python(code, env)).toEqual({
    packs: '/data/packs',
    api: 'http://127.0.0.1:1/v1',
    own: ['x', null, true, 5],
    set: 'y',
    none: expect.stringContaining('no such option'),
  });
});

test('pack.yaml, JSON, texts, states and scripts’ arguments are as StackStorm’s helpers give them', async () => {
  await using pack = await tempPack({});
  const code = `
import os
from st2common.constants import action, keyvalue, pack as names
from st2common.models.system.action import ShellScriptAction
from st2common.util import compat, jsonify, pack
out["pack"] = pack.get_pack_metadata(os.environ["PACK"])
out["refs"] = [pack.get_pack_ref_from_metadata(each) for each in ({"ref": "a"}, {"name": "b_1"})]
try:
    pack.get_pack_ref_from_metadata({"name": "No Ref"})
except ValueError as error:
    out["noref"] = str(error)
out["json"] = jsonify.json_decode(jsonify.json_encode({"a": b"x"}))
out["loads"] = jsonify.json_loads({"a": "[1]", "b": "no"}, ["a", "b"])
out["text"] = [compat.to_unicode(b"x"), compat.to_ascii("aé")]
out["names"] = [names.MANIFEST_FILE_NAME, keyvalue.FULL_SYSTEM_SCOPE, action.LIVEACTION_STATUS_TIMED_OUT in action.LIVEACTION_COMPLETED_STATES]
script = ShellScriptAction("", "", "/x y.sh", {"--a": True, "--b": False, "--c": "d e", "--f": None}, ["g", 1])
out["script"] = script.get_full_command_string()
`;
  expect(await python(code, { PACK: pack.path })).toEqual({
    pack: { name: 'demo' },
    refs: ['a', 'b_1'],
    noref: expect.stringContaining('No Ref'),
    json: { a: 'x' },
    loads: { a: [1], b: 'no' },
    text: ['x', 'a'],
    names: ['pack.yaml', 'st2kv.system', true],
    script: `'/x y.sh' --a --c='d e' g 1`,
  });
});

test('registering a sensor by hand finds its metadata, and there is nothing to be connected to', async () => {
  await using pack = await tempPack({ 'sensors/a.yaml': 'class_name: A\n' });
  const code = `
import os
import st2common.script_setup
import st2common.bootstrap.sensorsregistrar as registrar
from st2common.util.monkey_patch import use_select_poll_workaround
use_select_poll_workaround()
st2common.script_setup.db_setup()
out["types"] = st2common.triggers.register_internal_trigger_types()
sensors = registrar.SensorsRegistrar(use_pack_cache=True, fail_on_failure=True)
out["count"] = sensors.register_from_pack(os.environ["PACK"])
try:
    sensors._register_sensor_from_pack("demo", "/nowhere.yaml")
except ValueError as error:
    out["missing"] = str(error)
st2common.script_setup.teardown()
`;
  expect(await python(code, { PACK: pack.path })).toEqual({
    types: [],
    count: 1,
    missing: expect.stringContaining('/nowhere.yaml'),
  });
});

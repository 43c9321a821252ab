import { afterAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../main/contract/json.ts';
import { testService } from '../support/expressions.ts';

const service = testService({
  keys: { 'system:a.b': '5.5', 'system:token': 'enc:open sesame', 'system:doc': '{"k": [1]}' },
});
afterAll(() => service[Symbol.asyncDispose]());

const CONTEXT: JsonObject = {
  v: { a: 1, b: [true, null, 'ü'] },
  doc: { items: [{ name: 'x', 'a-b': 1 }, { name: 'y' }] },
  none: null,
};

const RENDERED: readonly [template: string, text: string][] = [
  // Values print as Python prints them, and standard Jinja and Python methods are there.
  ['{{ v }}', "{'a': 1, 'b': [True, None, 'ü']}"],
  ['{{ "a,b".split(",") }}', "['a', 'b']"],
  ['{{ "%s-%03d" | format("x", 7) }}', 'x-007'],
  ['{{ "{}/{}".format(1, "b") }}', '1/b'],
  ['{% for key, value in v.items() %}{{ key }}={{ value }};{% endfor %}', "a=1;b=[True, None, 'ü'];"],
  ['{{ v.b[1:] }} {{ 7 // 2 }} {{ 2 ** 10 }} {{ 7 / 2 }}', "[None, 'ü'] 3 1024 3.5"],
  ['{{ [3, 1, 2] | sort | join("-") }}', '1-2-3'],
  ['{% if 1 is in [1, 2] %}yes{% endif %}', 'yes'],
  ['{{ nothing | default("d") }}', 'd'],
  // Block lines leave nothing behind.
  ['a\n  {% if true %}\nb\n  {% endif %}\nc\n', 'a\nb\nc'],

  ['{{ \'{"a": [1, null]}\' | from_json_string }}', "{'a': [1, None]}"],
  ['{{ "a: [1, x]\\nb: yes" | from_yaml_string }}', "{'a': [1, 'x'], 'b': True}"],
  ['{{ v | to_json_string }}', '{"a": 1,"b": [true,null,"\\u00fc"]}'],
  ['{{ {"b": 1, "a": 2} | to_json_string(indent=2, sort_keys=True) }}', '{\n  "a": 2,\n  "b": 1\n}'],
  ['{{ v | to_yaml_string }}', 'a: 1\nb:\n- true\n- null\n- ü\n'],
  ['{{ v | to_complex }}', '{"a": 1, "b": [true, null, "\\u00fc"]}'],
  ['{{ "say \\"hi\\"\\n" | json_escape }}', 'say \\"hi\\"\\n'],
  ['{{ doc | jsonpath_query("items[*].name") }}', "['x', 'y']"],
  ['{{ doc | jsonpath_query("$..\'a-b\'") }}', '[1]'],
  ['{{ doc | jsonpath_query("items[*].absent") }}', 'None'],

  ['{{ "Abc" | regex_match("abc") }} {{ "Abc" | regex_match("abc", ignorecase=True) }}', 'False True'],
  ['{{ "xabc" | regex_match("abc") }} {{ "xabc" | regex_search("abc") }}', 'False True'],
  ['{{ "a1b22" | regex_replace("[0-9]+", "#") }}', 'a#b#'],
  ['{{ "k=v" | regex_replace("(\\\\w)=(\\\\w)", "\\\\2=\\\\1") }}', 'v=k'],
  ['{{ "a1b22" | regex_substring("[0-9]+") }} {{ "a1b22" | regex_substring("[0-9]+", 1) }}', '1 22'],
  ['{{ 4711 | regex_search("7") }}', 'True'],

  ['{{ 0 | to_human_time_from_seconds }}', '0s'],
  ['{{ 185 | to_human_time_from_seconds }}', '3m5s'],
  ['{{ 3600 | to_human_time_from_seconds }}', '1h0m0s'],
  ['{{ (86400 * 40 + 61.4) | to_human_time_from_seconds }}', '40d0h1m1s'],
  ['{{ 31536000 | to_human_time_from_seconds }}', '1y0d0h0m0s'],
  ['{{ 0.5 | to_human_time_from_seconds }}', '0.5μs'],

  ['{{ "1.2.3" | version_compare("1.10.0") }} {{ "1.0.0" | version_compare("1.0.0+build") }}', '-1 0'],
  [
    '{{ "1.0.0-rc.2" | version_less_than("1.0.0") }} {{ "1.0.0-rc.10" | version_more_than("1.0.0-rc.9") }}',
    'True True',
  ],
  ['{{ "1.0.0" | version_equal("1.0.0") }} {{ "1.0.0-1" | version_less_than("1.0.0-a") }}', 'True True'],
  [
    '{{ "1.2.3" | version_match(">=1.2.0") }} {{ "1.2.3" | version_match("!=1.2.3") }} {{ "1.2.3" | version_match("1.2.3") }}',
    'True False True',
  ],
  ['{{ "1.2.3-rc.1" | version_bump_major }} {{ "1.2.3" | version_bump_minor }}', '2.0.0 1.3.0'],
  [
    '{{ "1.2.3" | version_bump_patch }} {{ "1.2.3-rc.1" | version_bump_patch }} {{ "1.2.3" | version_strip_patch }}',
    '1.2.4 1.2.3 1.2',
  ],

  ['{{ none | use_none }}', '%*****__%NONE%__*****%'],
  ['{{ "x" | use_none }}', 'x'],
  ['{{ "/a/b.txt" | basename }} {{ "/a/b.txt" | dirname }}', 'b.txt /a'],

  // The datastore.
  ['{{ st2kv.system.a.b }} {{ st2kv.system["a.b"] }} {{ st2kv["system"].a["b"] }} {{ system.a.b }}', '5.5 5.5 5.5 5.5'],
  ['{{ st2kv.system.a.b | int }} {{ st2kv.system.a.b | float + 1 }}', '5 6.5'],
  ['[{{ st2kv.system.absent.key }}] [{{ st2kv.user.a }}]', '[] []'],
  ['{{ st2kv.system.token | decrypt_kv }}', 'open sesame'],
  ['{{ (st2kv.system.doc | from_json_string).k[0] }}', '1'],
  ['{{ st2kv.system.a.b | to_complex }}', '"5.5"'],
];

const REFUSED: readonly [template: string, reason: string][] = [
  ['{{ "1.2" | version_compare("1.2.0") }}', "ValueError: '1.2' is not a semantic version such as 1.2.3"],
  ['{{ "01.2.3" | version_bump_major }}', 'ValueError'],
  ['{{ "1.2.3" | version_match("^1.0.0") }}', 'ValueError'],
  ['{{ "x" | from_json_string }}', 'JSONDecodeError'],
  ['{{ "a" | regex_substring("b") }}', 'IndexError'],
  ['{{ "a" | regex_search("(") }}', 'error: missing ), unterminated subpattern at position 0'],
  ['{{ doc | jsonpath_query("items[") }}', "ValueError: the JSONPath 'items[' cannot be read at 'end'"],
  ['{{ "5" | to_human_time_from_seconds }}', 'ValueError'],
  ['{{ st2kv.system.absent | decrypt_kv }}', 'ValueError: the datastore has no `absent`, or it is empty'],
  ['{{ st2kv.system.a.b | decrypt_kv }}', 'ValueError: `5.5` is not encrypted'],
  ['{{ "text" | decrypt_kv }}', 'ValueError: `decrypt_kv` takes a datastore key'],
  ['{{ st2kv.system }}', 'needs the name of a key'],
  ['{{ v.nothing }}', "UndefinedError: 'dict object' has no attribute 'nothing'"],
];

describe('templates in the expressions service', () => {
  it.each(RENDERED)('%s gives %j', async (template, text) => {
    expect(await service.render(template, CONTEXT)).toBe(text);
  });

  it.each(REFUSED)('%s is refused: %s', async (template, reason) => {
    await expect(service.render(template, CONTEXT)).rejects.toThrow(reason);
  });

  it('read the datastore each for itself, with many under way', async () => {
    const numbers = Array.from({ length: 30 }, (_, n) => n);
    const texts = await Promise.all(
      numbers.map((n) => service.render('{{ n }}{{ st2kv.system.a.b | string }}', { n })),
    );
    expect(texts).toEqual(numbers.map((n) => `${n}5.5`));
  });
});

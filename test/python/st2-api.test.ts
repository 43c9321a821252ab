import { expect, test } from 'vitest';
import { runAction } from '../support/python.ts';

/** Runs lines of Python in an action of pack `demo` and gives what they return. */
async function python(lines: readonly string[], files: Readonly<Record<string, string>> = {}) {
  const source = `class Act:\n    def run(self):\n        ${lines.join('\n        ')}\n`;
  const end = await runAction(source, { files });
  if (end.answer === undefined) throw new Error(end.stderr);
  return end.answer.result;
}

test('everything that packs import is there', async () => {
  const imports = [
    'from st2common.runners.base_action import Action',
    'from st2actions.runners.pythonrunner import Action as Old',
    'from st2reactor.sensor.base import Sensor, PollingSensor',
    'from st2common.runners.utils import get_logger_for_python_runner_action',
    'from st2common.exceptions.action import InvalidActionParameterException',
    'from st2common import log as logging',
    'from st2common.content import utils',
    'from st2common.util import date, isotime, shell',
    'return [Old is Action, issubclass(PollingSensor, Sensor), logging.getLogger(__name__).name]',
  ];
  expect(await python(imports)).toEqual([true, true, 'demo/actions.act']);
});

test('isotime formats and parses as packs expect', async () => {
  const lines = [
    'import datetime',
    'from st2common.util import isotime',
    'at = isotime.parse("2026-01-02T03:04:05.678Z")',
    'return [isotime.format(at), isotime.format(at, usec=False, offset=False), isotime.format("2026-01-02 03:04:05+00:00", usec=False), isotime.validate("yesterday", raise_exception=False), isotime.get_datetime_utc_now().utcoffset() == datetime.timedelta(0)]',
  ];
  const expected = [
    '2026-01-02T03:04:05.678000+00:00',
    '2026-01-02T03:04:05Z',
    '2026-01-02T03:04:05+00:00',
    false,
    true,
  ];
  expect(await python(lines)).toEqual(expected);
});

test('dates are brought to UTC', async () => {
  const lines = [
    'import datetime',
    'from st2common.util import date',
    'try: date.add_utc_tz(date.parse("2026-01-02T03:00:00+02:00", preserve_original_tz=True))',
    'except ValueError as error: refused = str(error)',
    'return [date.parse("2026-01-02T03:00:00+02:00"), date.parse("2026-01-02T03:00:00"), date.convert_to_utc(datetime.datetime(2026, 1, 2)), refused]',
  ];
  expect(await python(lines)).toEqual([
    '2026-01-02T01:00:00+00:00',
    '2026-01-02T03:00:00+00:00',
    '2026-01-02T00:00:00+00:00',
    'datetime already contains a non UTC timezone',
  ]);
});

test('commands run with and without a shell', async () => {
  const lines = [
    'from st2common.util.shell import quote_unix, quote_windows, run_command',
    `return [run_command("echo 'a b' c"), run_command("echo $((1 + 2)); exit 3", shell=True), run_command(["cat"], stdin=-3), quote_unix("a b'"), quote_windows("a b")]`,
  ];
  expect(await python(lines)).toEqual([[0, 'a b c\n', ''], [3, '3\n', ''], [0, '', ''], `'a b'"'"''`, '"a b"']);
});

test('packs find themselves and each other, and no way out', async () => {
  const lines = [
    'import os',
    'from st2common.content import utils',
    'base = utils.get_pack_base_path("demo")',
    'own = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))',
    'try: utils.get_pack_file_abs_path("demo", "../other/secret")',
    'except ValueError as error: refused = str(error)',
    'near = utils.get_pack_resource_file_abs_path("demo", "action", "act.py")',
    'return [base == own, near == os.path.abspath(__file__), utils.get_pack_base_path("demo", include_trailing_slash=True)[-1], utils.get_pack_directory("none"), os.path.basename(utils.get_pack_base_path("none")), refused[:19]]',
  ];
  expect(await python(lines)).toEqual([true, true, '/', null, 'none', 'Invalid file path: ']);
});

import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type HeadlessApp, stormlet } from '../support/headless-app.ts';

/** The packs that are made for a run, beside the one in `pack/`. */
export async function installPack(app: HeadlessApp, source: string): Promise<void> {
  const installed = await stormlet(app, 'pack', 'install', source);
  if (installed.exitCode !== 0) throw new Error(installed.stderr);
}

/** `many`: a trigger, and a hundred rules of which at most one matches. */
export async function writeManyRules(folder: string): Promise<string> {
  const rules = Array.from({ length: 100 }, (_, n) => [
    `rules/kind${n}.yaml`,
    `name: kind${n}
enabled: true
trigger: {type: many.event}
criteria:
  trigger.kind: {type: equals, pattern: kind${n}}
  trigger.path: {type: endswith, pattern: .md}
action: {ref: core.noop}
`,
  ]);
  return writePack(folder, 'many', { ...Object.fromEntries(rules), 'triggers/event.yaml': 'name: event\n' });
}

/** `idle`: a sensor that waits, and an action that imports nothing of its own. */
export async function writeIdle(folder: string): Promise<string> {
  return writePack(folder, 'idle', {
    'sensors/wait.yaml': 'class_name: Wait\nentry_point: wait.py\n',
    'sensors/wait.py': `import time

from st2reactor.sensor.base import Sensor


class Wait(Sensor):
    def setup(self):
        pass

    def run(self):
        while True:
            time.sleep(60)

    def cleanup(self):
        pass

    def add_trigger(self, trigger):
        pass

    def update_trigger(self, trigger):
        pass

    def remove_trigger(self, trigger):
        pass
`,
    'actions/touch.yaml': 'name: touch\nrunner_type: python-script\nentry_point: touch.py\n',
    'actions/touch.py': `from st2common.runners.base_action import Action


class Touch(Action):
    def run(self):
        return None
`,
  });
}

/** As many as somebody has who uses the app for long: each with a trigger, a rule and two actions. */
export async function writeSmallPacks(packs: string, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    await writePack(packs, `small${n}`, {
      'triggers/event.yaml': 'name: event\n',
      'rules/on_event.yaml': `name: on_event\nenabled: true\ntrigger: {type: small${n}.event}\naction: {ref: core.noop}\n`,
      'actions/one.yaml':
        'name: one\nrunner_type: local-shell-cmd\nentry_point: ""\nparameters: {cmd: {default: "true"}}\n',
      'actions/two.yaml': 'name: two\nrunner_type: noop\n',
    });
  }
}

/** Gives its folder. */
export async function writePack(
  folder: string,
  name: string,
  files: Readonly<Record<string, string>>,
): Promise<string> {
  const pack = path.join(folder, name);
  const all = { 'pack.yaml': `name: ${name}\nversion: 1.0.0\nauthor: The Stormlet authors\n`, ...files };
  for (const [file, text] of Object.entries(all)) {
    await mkdir(path.dirname(path.join(pack, file)), { recursive: true });
    await writeFile(path.join(pack, file), text);
  }
  return pack;
}

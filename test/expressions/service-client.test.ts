import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LineProcess } from '../../main/supervisor/line-process.ts';
import { startLineProcess } from '../../main/supervisor/line-process.ts';
import { testService } from '../support/expressions.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const ENDLESS = '{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}';

describe('the expressions service', () => {
  it('renders with the context and answers many outstanding requests, each with its own text', async () => {
    await using service = testService();
    const texts = await Promise.all(
      Array.from({ length: 50 }, (_, n) => service.render('{{ trigger.n + 1 }}', { trigger: { n } })),
    );
    expect(texts).toEqual(Array.from({ length: 50 }, (_, n) => String(n + 1)));
  });

  it('says the type, message and line of what a template raises', async () => {
    await using service = testService();
    await expect(service.render('a\n{{ trigger.nothing }}', { trigger: {} })).rejects.toMatchObject({
      code: 'expression/failed',
      kind: 'user',
      message: "UndefinedError: 'dict object' has no attribute 'nothing'",
      details: { type: 'UndefinedError', line: 2, template: 'a\n{{ trigger.nothing }}' },
    });
    await expect(service.render('{{ x', {})).rejects.toThrow('TemplateSyntaxError: unexpected end of template');
    await expect(service.render('{{ 1 | no_such }}', {})).rejects.toThrow("No filter named 'no_such'");
  });

  it('names the variables of a template', async () => {
    await using service = testService();
    expect(await service.variables('{% for x in list %}{{ x }}{{ other | int }}{% endfor %}')).toEqual([
      'list',
      'other',
    ]);
    expect(await service.variables({ a: ['{{ b["c"] }}'] })).toEqual(['b']);
  });

  it('kills what overruns its time, fails that request alone and goes on in a new process', async () => {
    const pids: (number | undefined)[] = [];
    await using service = testService({
      limits: { timeMs: 1000 },
      startProcess: (spec) => {
        const process = startLineProcess(spec);
        pids.push(process.pid);
        return process;
      },
    });
    const before = service.render('before', {});
    const endless = service.render(ENDLESS, {});
    const after = service.render('{{ 1 + 1 }}', {});
    await expect(endless).rejects.toMatchObject({ code: 'expression/timeout', message: 'it took longer than 1 s' });
    expect([await before, await after]).toEqual(['before', '2']);
    expect(pids).toHaveLength(2);
    await until('the first process is gone', () => !isAlive(pids[0]));
  });

  it('refuses output that would fill memory, with the process still there', async () => {
    const started: number[] = [];
    await using service = testService({
      startProcess: (spec) => {
        started.push(1);
        return startLineProcess(spec);
      },
    });
    for (const template of [
      "{{ 'x' * 10**9 }}",
      '{{ [1] * 10**9 }}',
      '{{ 10 ** 99999999 }}',
      "{{ '%2000000000d' % 1 }}",
      "{% for i in range(99999) %}{{ 'x' * 99 }}{% endfor %}",
      '{% for i in range(10**9) %}{% endfor %}',
    ]) {
      await expect(service.render(template, {}), template).rejects.toMatchObject({ code: 'expression/failed' });
    }
    expect(await service.render('{{ 6 * 7 }}', {})).toBe('42');
    expect(started).toHaveLength(1);
  });

  it('keeps templates inside the sandbox', async () => {
    await using service = testService();
    for (const template of [
      "{{ ''.__class__.__mro__ }}",
      '{{ trigger.__class__ }}',
      '{{ (trigger | attr("__class__")) }}',
      '{{ st2kv.system.x._ask }}',
      "{{ '{0.__class__}'.format(trigger) }}",
    ]) {
      await expect(service.render(template, { trigger: {} }), template).rejects.toThrow(/SecurityError|UndefinedError/);
    }
  });

  it('renders a request again, once, when the process dies under it', async () => {
    let starts = 0;
    await using service = testService({
      limits: { timeMs: 60_000 },
      startProcess: (spec) => {
        starts += 1;
        const dies = starts <= 2;
        const process: LineProcess = startLineProcess({
          ...spec,
          onLine(line) {
            spec.onLine(line);
            if (dies) kill(process.pid);
          },
        });
        return process;
      },
    });
    const fatal = expect(service.render(ENDLESS, {})).rejects.toMatchObject({ code: 'expression/crashed' });
    expect(await service.render('{{ 1 + 1 }}', {})).toBe('2');
    await fatal;
    expect(starts).toBe(3);
  });

  it('bounds its queue', async () => {
    await using service = testService({ limits: { waiting: 2 } });
    const kept = [service.render('a', {}), service.render('b', {})];
    await expect(service.render('c', {})).rejects.toMatchObject({ code: 'expression/busy' });
    expect(await Promise.all(kept)).toEqual(['a', 'b']);
  });

  it('reports an interpreter that cannot be had, and tries again for the next request', async () => {
    let tries = 0;
    await using service = testService({
      python: () => {
        tries += 1;
        return Promise.reject(new Error('no Python here'));
      },
    });
    const refused = { code: 'expression/unavailable', kind: 'environment', message: /no Python here/ };
    await expect(service.render('a', {})).rejects.toMatchObject({
      ...refused,
      message: expect.stringMatching('no Python here'),
    });
    await expect(service.render('a', {})).rejects.toMatchObject({ code: refused.code });
    expect(tries).toBe(2);
  });

  it('shows what a service that does not start printed', async () => {
    await using folder = await tempFolder();
    const script = path.join(folder.path, 'broken.py');
    await writeFile(script, 'print("noise", flush=True)\nraise SystemExit("jinja2 is missing")');
    await using service = testService({ script });
    await expect(service.render('a', {})).rejects.toThrow('it ended with exit code 1: jinja2 is missing');
  });

  it('fails what waits when it is stopped, and leaves no process', async () => {
    let process: LineProcess | undefined;
    const service = testService({
      startProcess: (spec) => {
        process = startLineProcess(spec);
        return process;
      },
    });
    await service.render('up', {});
    const waiting = expect(service.render(ENDLESS, {})).rejects.toMatchObject({ code: 'expression/stopped' });
    await service[Symbol.asyncDispose]();
    await waiting;
    expect(isAlive(process?.pid)).toBe(false);
    await expect(service.render('late', {})).rejects.toMatchObject({ code: 'expression/stopped' });
  });

  it('takes a context that is nested too deep as that template’s failure', async () => {
    await using service = testService();
    const deep = JSON.parse(`${'['.repeat(5000)}1${']'.repeat(5000)}`);
    await expect(service.render('{{ 1 + 1 }}', { deep })).rejects.toThrow(/RecursionError|nested too deep/);
    expect(await service.render('{{ 1 + 1 }}', {})).toBe('2');
  });
});

function isAlive(pid: number | undefined): boolean {
  try {
    process.kill(pid ?? Number.NaN, 0);
    return true;
  } catch {
    return false;
  }
}

function kill(pid: number | undefined): void {
  if (pid !== undefined && isAlive(pid)) process.kill(pid, 'SIGKILL');
}

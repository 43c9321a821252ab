import { describe, expect, it } from 'vitest';
import { startLineProcess } from '../../main/supervisor/line-process.ts';
import { until } from '../support/until.ts';

describe('a program spoken to line by line', () => {
  it('gets lines and gives whole ones, however they are cut on the way', async () => {
    const script = `
      process.stdin.setEncoding('utf8').on('data', (text) => {
        process.stdout.write('got ' + text.slice(0, 3));
        setTimeout(() => process.stdout.write(text.slice(3) + 'x'.repeat(300000) + '\\n'), 5);
      });`;
    const program = start(script);
    program.process.send('hello');
    await until('two lines', () => program.lines.length === 2);
    expect(program.lines).toEqual(['got hello', 'x'.repeat(300_000)]);
    await program.process.kill();
    expect(program.exits).toEqual(['it was ended by SIGKILL']);
  });

  it('says how it ended, once, with stderr passed on', async () => {
    const program = start("process.stderr.write('oh no'); process.exitCode = 3");
    await until('its end', () => program.exits.length > 0);
    await program.process.kill();
    program.process.send('into the void');
    expect([program.exits, program.stderr]).toEqual([['it ended with exit code 3'], 'oh no']);
  });

  it('says that it could not be started', async () => {
    const program = start('', '/no/such/program');
    await until('its end', () => program.exits.length > 0);
    expect(program.exits[0]).toMatch(/^it could not be started: .*ENOENT/);
  });

  it('takes its children along when it is killed', async () => {
    const program = start(
      "const { pid } = require('child_process').spawn('sleep', ['300']); console.log(pid); setInterval(() => {}, 1000)",
    );
    await until('the child', () => program.lines.length > 0);
    const child = Number(program.lines[0]);
    await program.process.kill();
    await until('the child is gone', () => !isAlive(child));
  });
});

function start(script: string, command = process.execPath) {
  const program = { lines: [] as string[], exits: [] as string[], stderr: '' };
  const started = startLineProcess({
    command,
    args: ['-e', script],
    env: { PATH: '/usr/bin:/bin' },
    onLine: (line) => program.lines.push(line),
    onExit: (why) => program.exits.push(why),
    onStderr: (text) => {
      program.stderr += text;
    },
  });
  return Object.assign(program, { process: started });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

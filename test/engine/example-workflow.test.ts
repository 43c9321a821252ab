import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { ResourceRef } from '../../main/contract/refs.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { startTestEngine } from '../support/test-engine.ts';
import { until } from '../support/until.ts';

test('an event matches a rule, which runs a workflow, whose tasks end in one notice', async () => {
  await using folder = await tempFolder();
  await using engine = await startTestEngine();
  await engine.install('examples');
  const file = path.join(folder.path, 'notes.md');
  await writeFile(file, '# Notes\n\none two\n');
  const event = await engine.client.triggers.emit({
    trigger: 'examples.file_dropped' as ResourceRef,
    payload: { name: 'notes.md', path: file, size: 17, extension: '.md', dropped_at: '2026-01-01T00:00:00Z' },
  });

  const notice = await until('the workflow tells of it', () =>
    engine.notices.find(({ title }) => title === 'notes.md was dropped'),
  );
  expect(notice.body).toMatch(/^notes\.md: 17 Bytes, .*, 3 lines, 4 words$/);
  const [workflow] = (await engine.client.executions.page({ action: 'examples.report_file' as ResourceRef })).items;
  const ended = await engine.ended(workflow?.id ?? '');
  expect(ended).toMatchObject({
    status: 'succeeded',
    context: { source: 'rule', rule: 'examples.report_dropped_text', triggerInstance: event.id },
    result: { output: { lines: 3, summary: expect.stringContaining('notes.md') } },
  });
  const children = await engine.client.executions.children({ id: ended.id });
  expect(children.map(({ context, action }) => [context.task?.name, action]).sort()).toEqual([
    ['count', 'examples.count_lines'],
    ['describe', 'examples.describe_file'],
    ['tell', 'notify.show'],
  ]);
  const trace = await engine.client.traces.get({ id: event.id });
  expect(trace.executions.map(({ action }) => action)).toEqual(
    expect.arrayContaining(children.map(({ action }) => action)),
  );
});

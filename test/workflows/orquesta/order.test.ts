import { afterAll, expect, it } from 'vitest';
import { WorkflowExpressions } from '../../../main/expressions/workflow-expressions.ts';
import { testService } from '../../support/expressions.ts';
import { type Rehearsed, rehearse } from '../../support/orquesta.ts';

const service = testService();
const evaluator = new WorkflowExpressions(service);
afterAll(() => service[Symbol.asyncDispose]());
const run = (text: string, options?: Rehearsed) => rehearse(text, evaluator, options);

it('tasks follow each other, and the output sees what they published', async () => {
  const rehearsal = await run(
    `
input: [name]
vars: [{greeting: hello}]
tasks:
  a:
    action: core.echo
    input: {message: "<% ctx().greeting %> <% ctx(name) %>"}
    next:
      - when: <% succeeded() %>
        publish: [{said: <% result().message %>}]
        do: b
  b:
    action: core.echo message=<% ctx(said) %>
output:
  - said: <% ctx(said) %>
  - twice: "{{ ctx().said }} {{ ctx('said') }}"
`,
    { input: { name: 'Ann' } },
  );
  expect(rehearsal.started).toEqual(['a', 'b']);
  expect(rehearsal.decision).toEqual({
    run: [],
    status: 'succeeded',
    result: { output: { said: 'hello Ann', twice: 'hello Ann hello Ann' } },
  });
});

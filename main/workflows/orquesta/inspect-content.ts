import type { OrquestaDefinition } from './definition.ts';
import type { Finding } from './problem.ts';

/** Actions that there are not. What an expression names is known only when it runs. */
export function inspectContent({ tasks }: OrquestaDefinition, knowsAction: (ref: string) => boolean): Finding[] {
  return Object.entries(tasks).flatMap(([name, { action }]) => {
    if (action === undefined || EXPRESSION.test(action)) return [];
    const path = ['tasks', name, 'action'];
    if (!/^[^.]+\../.test(action)) {
      return [{ type: 'content', message: `The action reference "${action}" is not formatted correctly.`, path }];
    }
    if (knowsAction(action)) return [];
    return [{ type: 'content', message: `There is no action "${action}".`, path }];
  });
}

const EXPRESSION = /<%.*?%>|\{\{.*?\}\}|\{%.*?%\}/;

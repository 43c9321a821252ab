import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Problem } from '../contract/errors.ts';
import type { WorkflowGraph } from '../contract/workflows.ts';
import type { Pack } from '../packs/pack.ts';
import { actionChain } from '../workflows/action-chain/action-chain.ts';
import type { WorkflowLanguage } from '../workflows/conductor.ts';
import { orquesta } from '../workflows/orquesta/orquesta.ts';

/** What is wrong with a pack's workflows, as far as their files alone tell it: nothing is rendered here. */
export async function checkWorkflows(pack: Pack, world: readonly Pack[]): Promise<Problem[]> {
  const languages = workflowLanguages();
  const found = pack.actions.map(async ({ runner, entryPoint }): Promise<readonly Problem[]> => {
    const language = languages.find((each) => each.runner === runner);
    if (!language) return [];
    const file = path.join(pack.path, 'actions', entryPoint);
    const { value, problems } = await language.examine({ file, text: await readFile(file, 'utf8') });
    return [...problems, ...(value ? unknownActions(value, world, file) : [])];
  });
  return (await Promise.all(found)).flat();
}

/** The syntax of expressions takes a Python with their libraries, which the running app has. */
const NO_EXPRESSIONS = {
  evaluate: async () => [],
  faults: async (texts: readonly string[]) => texts.map(() => []),
};
const NO_RENDERER = { render: (template: string) => template, variables: () => [] };

function workflowLanguages(): WorkflowLanguage[] {
  return [
    orquesta({ evaluator: NO_EXPRESSIONS }),
    actionChain({ renderer: NO_RENDERER, cast: (_, parameters) => parameters }),
  ];
}

/** Of packs that are not at hand nothing is known. */
function unknownActions({ nodes }: WorkflowGraph, world: readonly Pack[], file: string): Problem[] {
  return nodes.flatMap(({ action, line }): Problem[] => {
    const pack = world.find((each) => action?.startsWith(`${each.ref}.`));
    if (!pack || pack.actions.some(({ ref }) => ref === action)) return [];
    const message = `the pack \`${pack.ref}\` has no action \`${action}\``;
    const place = line === undefined ? { file } : { file, line };
    return [{ severity: 'warning', code: 'workflow/action-unknown', message, ...place }];
  });
}

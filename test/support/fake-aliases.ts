import type { AliasDefinition, AliasMatch } from '../../main/contract/aliases.ts';
import { StormletError } from '../../main/contract/errors.ts';
import type { Execution } from '../../main/contract/executions.ts';
import type { JsonObject } from '../../main/contract/json.ts';
import { PackRef, ResourceRef } from '../../main/contract/refs.ts';
import type { Handlers } from '../../main/contract/rpc.ts';

/** An alias of one format, `words {{ name }}`, as the fakes have it. */
export function fakeAlias(ref: string, action: string, format: string): AliasDefinition {
  const [pack = '', name = ''] = ref.split('.');
  return {
    ref: ResourceRef.parse(ref),
    pack: PackRef.parse(pack),
    name,
    description: `Runs ${action}.`,
    enabled: true,
    action: ResourceRef.parse(action),
    formats: [{ display: format, representations: [format], matchMultiple: false }],
    ack: { enabled: true, format: 'On it.' },
    result: { enabled: true, format: 'Done.' },
    extra: {},
    immutableParameters: {},
    file: `/data/packs/${pack}/aliases/${name}.yaml`,
  };
}

/** Answers about aliases, whose formats are plain words and `{{ name }}`. */
export function fakeAliasHandlers(
  aliases: readonly AliasDefinition[],
  run: (action: ResourceRef, parameters: JsonObject) => Execution | Promise<Execution>,
): Handlers['aliases'] {
  const match = (text: string) => aliases.flatMap((alias) => matchOf(alias, text) ?? []);
  return {
    list: () => [...aliases],
    match: ({ text }) => match(text),
    run: async ({ text, alias }) => {
      const [first, second] = match(text).filter((each) => !alias || each.alias === alias);
      if (!first) throw refused('alias/unmatched', `\`${text}\` fits no alias`);
      if (second) throw refused('alias/ambiguous', `\`${text}\` fits more than one alias`);
      const execution = await run(first.action, first.parameters[0] ?? {});
      return { alias: first.alias, executions: [execution], message: 'On it.' };
    },
    result: () => ({ message: 'Done.', extra: {} }),
  };
}

function matchOf(alias: AliasDefinition, text: string): AliasMatch | undefined {
  const [{ display, representations } = { display: '', representations: [] }] = alias.formats;
  const [representation = ''] = representations;
  const pattern = representation.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, '(?<$1>.+?)');
  const groups = new RegExp(`^${pattern}$`).exec(text.trim());
  if (!groups) return undefined;
  const { ref, action, description } = alias;
  return { alias: ref, action, description, display, representation, parameters: [{ ...groups.groups }] };
}

function refused(code: string, message: string): StormletError {
  return new StormletError({ code, kind: 'user', message });
}

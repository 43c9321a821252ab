import type { Command } from 'commander';
import type { JsonObject } from '../../contract/json.ts';
import type { ParameterSpec } from '../../contract/parameter-spec.ts';
import type { ResourceRef } from '../../contract/refs.ts';
import type { Client } from '../../contract/rpc.ts';
import type { RuleVerdict, TimerStatus, TriggerInstance, TriggerInstanceDetail } from '../../contract/triggers.ts';
import type { Cli } from '../cli-context.ts';
import { parseValues } from '../parse-values.ts';
import { localTime, state, table } from '../text.ts';

export function addTriggerCommands(program: Command, cli: Cli): void {
  const trigger = program.command('trigger').description('list trigger types and send trigger instances');
  trigger
    .command('list')
    .description('list the trigger types of all packs')
    .action(() =>
      cli.ask(async (client) => {
        const types = await client.triggers.types();
        cli.show(types, () =>
          table(
            ['TRIGGER', 'DESCRIPTION'],
            types.map((type) => [type.ref, type.description.split('\n', 1)[0] ?? '']),
            'there are no trigger types',
          ),
        );
      }),
    );
  trigger
    .command('timers')
    .description('list the timers that rules ask for, with when they come next')
    .action(() =>
      cli.ask(async (client) => {
        const timers = await client.triggers.timers();
        cli.show(timers, () => table(['NEXT', 'TIMER', 'RULES'], timers.map(timerRow), 'no rule asks for a timer'));
      }),
    );
  trigger
    .command('emit')
    .description('send a trigger instance, and print what each rule made of it')
    .argument('<ref>')
    .argument('[values...]', '`key=value`, read by the types of the trigger’s payload schema')
    .option('--payload <json>', 'the payload as one JSON object; `key=value` words go on top')
    .option('--trace-tag <tag>', 'a name to find it by')
    .action((ref: string, words: string[], options: { payload?: string; traceTag?: string }) =>
      cli.ask(async (client) => {
        const types = await client.triggers.types();
        const schema = types.find((type) => type.ref === ref)?.payloadSchema;
        const payload = parseValues(words, options.payload, await propertiesOf(schema));
        const request = {
          trigger: ref as ResourceRef,
          payload,
          ...(options.traceTag && { traceTag: options.traceTag }),
        };
        const instance = await emitAndFollow(client, request);
        cli.show(instance, () => instanceText(instance));
        if (instance.status !== 'processed') cli.fail();
      }),
    );
}

function timerRow({ nextAt, type, parameters, rules }: TimerStatus): string[] {
  const values = Object.entries(parameters).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return [localTime(nextAt) || 'never', `${type} ${values.join(' ')}`, rules.join(' ')];
}

/** The types of a payload schema's properties; `parseValues` reads a value of a type that it does not know as text. */
async function propertiesOf(schema: JsonObject | undefined): Promise<Record<string, Pick<ParameterSpec, 'type'>>> {
  const { isJsonObject } = await import('../../contract/json.ts');
  return schema && isJsonObject(schema.properties) ? (schema.properties as Record<string, ParameterSpec>) : {};
}

/** Resolves when every rule has its verdict. The change may be seen before the answer that tells the instance's id. */
async function emitAndFollow(
  client: Client,
  request: Parameters<Client['triggers']['emit']>[0],
): Promise<TriggerInstanceDetail> {
  const settled = new Set<string>();
  let onSettled = () => {};
  const stop = client.triggers.onChanged((changed) => {
    if (changed.status === 'pending') return;
    settled.add(changed.id);
    onSettled();
  });
  try {
    const { id, status } = await client.triggers.emit(request);
    await new Promise<void>((resolve) => {
      onSettled = () => {
        if (status !== 'pending' || settled.has(id)) resolve();
      };
      onSettled();
    });
    return await client.triggers.get({ id });
  } finally {
    stop();
  }
}

export function instanceText(instance: TriggerInstanceDetail): string {
  const head = `${instance.trigger} ${state(instance.status)}: trigger instance ${instance.id}`;
  const problem = problemText(instance);
  if (problem) return `${head}\n${problem}`;
  const rows = instance.verdicts.map((verdict) => [verdict.rule, verdictText(verdict), verdict.execution ?? '']);
  return `${head}\n${table(['RULE', 'VERDICT', 'EXECUTION'], rows, 'no rule listens to it')}`;
}

function problemText({ problem }: TriggerInstance): string {
  return problem ? `error: ${problem.message}${problem.hint ? `\nhint: ${problem.hint}` : ''}` : '';
}

function verdictText(verdict: RuleVerdict): string {
  if (verdict.fault) return `${state('failed')}: ${verdict.fault.message}`;
  if (verdict.matched) return state('matched');
  if (verdict.stoppedAt === undefined) return 'not matched';
  return `not matched: \`${verdict.stoppedAt}\` was ${JSON.stringify(verdict.seen ?? null)}, wanted ${JSON.stringify(verdict.expected ?? null)}`;
}

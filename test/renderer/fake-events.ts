import type { JsonObject } from '../../main/contract/json.ts';
import type { TriggerType } from '../../main/contract/packs.ts';
import { packOf, ResourceRef } from '../../main/contract/refs.ts';
import type { Emit, Handlers } from '../../main/contract/rpc.ts';
import type { RuleVerdict, TriggerInstance } from '../../main/contract/triggers.ts';
import { readTrace } from '../../main/engine/read-trace.ts';
import type { FakeExecutions } from './fake-executions.ts';
import { instanceOf, lies, page } from './fake-history.ts';
import { found } from './fake-lists.ts';

export type FakeEventsDeps = {
  readonly emit: Emit;
  readonly executions: FakeExecutions;
  types(): TriggerType[];
  newId(): string;
};

/** Events with the verdicts of the rules, and what followed from them. */
export class FakeEvents {
  readonly #deps: FakeEventsDeps;
  readonly rows: TriggerInstance[] = [];
  readonly verdicts = new Map<string, RuleVerdict[]>();

  constructor(deps: FakeEventsDeps) {
    this.#deps = deps;
  }

  readonly handlers: Handlers['triggers'] = {
    types: () => this.#deps.types(),
    timers: () => [],
    emit: ({ trigger, payload }) => this.receive(trigger, payload, 'window'),
    list: () => [],
    page: ({ trigger, pack, status, since, until, text, before, limit }) =>
      page(
        this.rows,
        before,
        limit,
        (row) =>
          (!trigger || row.trigger === trigger) &&
          (!pack || packOf(ResourceRef.parse(row.trigger)) === pack) &&
          (!status || status.includes(row.status)) &&
          lies(row.receivedAt, since, until) &&
          (!text || JSON.stringify(row).toLowerCase().includes(text.toLowerCase())),
      ),
    get: ({ id }) => found(this.#detail(id), `event \`${id}\``),
  };

  readonly traceHandlers: Handlers['traces'] = {
    get: ({ id }) => {
      const { rows, notices } = this.#deps.executions;
      const trace = readTrace(
        {
          event: (event) => this.#detail(event),
          executions: {
            get: (each) => rows.find((row) => row.id === each),
            ofEvent: (event) => rows.filter(({ context }) => context.triggerInstance === event),
            childrenOf: (parent) => rows.filter(({ context }) => context.parent === parent),
          },
          notices: { ofExecution: (each) => notices.filter(({ execution }) => execution === each) },
        },
        id,
      );
      return found(trace, `event or execution \`${id}\``);
    },
  };

  receive(trigger: string, payload: JsonObject, source: string): TriggerInstance {
    const instance = instanceOf(this.#deps.newId(), trigger, payload, Date.now(), source);
    this.rows.push(instance);
    this.#deps.emit('triggers.changed', instance);
    return instance;
  }

  #detail(id: string) {
    const row = this.rows.find((each) => each.id === id);
    return row && { ...row, verdicts: this.verdicts.get(id) ?? [] };
  }
}

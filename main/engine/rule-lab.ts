import type { RuleReading, RuleTest, RuleTestRequest, RuleTestResult } from '../contract/rule-tests.ts';
import type { TriggerInstance } from '../contract/triggers.ts';
import type { CompiledRule } from '../rules/compile-rule.ts';
import { expandVerdicts } from '../rules/expand-verdicts.ts';
import { explainRule } from '../rules/explain-rule.ts';
import { compileRuleSet, judgeRules } from '../rules/rule-set.ts';
import type { TriggerInstanceTable } from '../store/trigger-instance-table.ts';
import { enforce, type JudgeSources } from './judge.ts';
import type { RuleBook, RuleDraft } from './rule-book.ts';

export type RuleLabDeps = {
  readonly rules: Pick<RuleBook, 'draft' | 'on'>;
  readonly events: Pick<TriggerInstanceTable, 'page' | 'get'>;
  readonly judging: Omit<JudgeSources, 'rulesOn'>;
};

/** Tries rules, saved or not, on events that were or might be. It asks the code that judges events, and runs nothing. */
export class RuleLab {
  readonly #deps: RuleLabDeps;

  constructor(deps: RuleLabDeps) {
    this.#deps = deps;
  }

  check({ yaml, ref }: Pick<RuleTestRequest, 'yaml' | 'ref'>): RuleReading {
    return readingOf(this.#deps.rules.draft(yaml, ref));
  }

  async test(request: RuleTestRequest): Promise<RuleTest> {
    const draft = this.#deps.rules.draft(request.yaml, request.ref);
    const reading = readingOf(draft);
    if (!draft.compiled) return { ...reading, results: [] };
    if (request.payload !== undefined) {
      const now = new Date(this.#deps.judging.clock.now()).toISOString();
      const event = { id: 'test', trigger: draft.trigger, payload: request.payload, receivedAt: now };
      const { event: _, ...result } = await this.#try(draft.compiled, event);
      return { ...reading, results: [result] };
    }
    const { since, until, before, limit } = request;
    const page = this.#deps.events.page({ trigger: draft.trigger, since, until, before, limit });
    const results: RuleTestResult[] = [];
    for (const event of page.items) {
      results.push({ ...(await this.#try(draft.compiled, event)), ...this.#then(event, draft) });
      // Other calls and events have their turn between two of these.
      await new Promise((resolve) => setImmediate(resolve));
    }
    return { ...reading, results, ...(page.next !== undefined && { next: page.next }) };
  }

  /** As it would have been judged when it came; a rule that is switched off is tried as if it were not. */
  async #try(
    compiled: CompiledRule,
    event: Pick<TriggerInstance, 'id' | 'trigger' | 'payload' | 'receivedAt'>,
  ): Promise<RuleTestResult> {
    const { judging } = this.#deps;
    const rule = { ...compiled, definition: { ...compiled.definition, enabled: true } };
    const at = { ...judging.matching, now: Date.parse(event.receivedAt) };
    const criteria = await explainRule(rule, event.payload, at);
    const { told } = await judgeRules(compileRuleSet([rule, ...this.#before(rule, event.trigger)]), event.payload, at);
    const verdict = told.find((each) => each.rule === rule.definition.ref);
    const { id, trigger, payload, receivedAt } = event;
    const tried = { event: { id, trigger, payload, receivedAt }, criteria };
    if (!verdict?.matched) return { ...tried, matched: false, ...(verdict?.fault && { fault: verdict.fault }) };
    const { execution, verdict: enforced } = await enforce(judging, event, verdict, rule);
    return {
      ...tried,
      matched: true,
      ...(execution && { parameters: execution.execution.parameters }),
      ...(enforced.fault && { fault: enforced.fault }),
    };
  }

  /** A backstop has its turn only when no other rule matched. */
  #before({ definition }: CompiledRule, trigger: string): readonly CompiledRule[] {
    if (definition.type !== 'backstop') return [];
    return this.#deps.rules.on(trigger).rules.filter((other) => other.definition.ref !== definition.ref);
  }

  #then({ id }: TriggerInstance, { ref }: RuleDraft): Pick<RuleTestResult, 'matchedThen'> {
    const kept = ref === undefined ? undefined : this.#deps.events.get(id);
    if (!kept) return {};
    const verdict = expandVerdicts(kept.verdicts, kept.instance.payload).find(({ rule }) => rule === ref);
    return verdict ? { matchedThen: verdict.matched } : {};
  }
}

function readingOf({ problems, compiled }: RuleDraft): RuleReading {
  return { problems: [...problems], ...(compiled && { rule: compiled.definition }) };
}

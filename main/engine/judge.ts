import { randomUUID } from 'node:crypto';
import { type Fault, toFault } from '../contract/errors.ts';
import type { RuleVerdict, TriggerInstance } from '../contract/triggers.ts';
import { type ExecutionRequest, newExecution, refusedExecution, unknownAction } from '../executions/new-execution.ts';
import { renderParameters } from '../expressions/render-parameters.ts';
import { isoTime } from '../kit/clock.ts';
import type { Enforcement } from '../pipeline.ts';
import type { CompiledRule } from '../rules/compile-rule.ts';
import type { MatchContext } from '../rules/criteria.ts';
import { matchRules } from '../rules/match-rules.ts';
import { renderRequest } from '../rules/render-request.ts';
import { type PrepareSources, USER } from './prepare-execution.ts';

/** Joins rules and executions: each rule's verdict on an event, and for those that matched the execution they ask for. */
export type JudgeSources = PrepareSources & {
  rulesOn(trigger: string): readonly CompiledRule[];
  readonly matching: Omit<MatchContext, 'now'>;
};

export async function judge(sources: JudgeSources, instance: TriggerInstance): Promise<readonly Enforcement[]> {
  const rules = sources.rulesOn(instance.trigger);
  if (rules.length === 0) return [];
  const byRef = new Map(rules.map((rule) => [rule.definition.ref, rule]));
  const verdicts = await matchRules(rules, instance, { ...sources.matching, now: sources.clock.now() });
  return Promise.all(
    verdicts.map((verdict) => {
      const rule = verdict.matched ? byRef.get(verdict.rule) : undefined;
      return rule ? enforce(sources, instance, verdict, rule) : { verdict };
    }),
  );
}

/** A request that cannot be made is kept as a failed execution: a rule asked for it, and nobody is there to be told. */
async function enforce(
  sources: JudgeSources,
  instance: TriggerInstance,
  verdict: RuleVerdict,
  { definition }: CompiledRule,
): Promise<Enforcement> {
  const { parameters, ref: action } = definition.action;
  const context = { source: 'rule', rule: definition.ref, triggerInstance: instance.id } as const;
  const asked: ExecutionRequest = { action, parameters, context };
  const id = randomUUID();
  const now = isoTime(sources.clock);
  const refused = (fault: Fault): Enforcement => ({
    verdict: { ...verdict, execution: id, fault },
    execution: refusedExecution(asked, fault, id, now),
  });
  const known = sources.action(action);
  if (!known) return refused(unknownAction(action));
  const runnerParameters = sources.runners.get(known.runner)?.parameters;
  const config = sources.pack(known.pack)?.config ?? {};
  const request = await renderRequest(
    { rule: definition, instance, action: known, runnerParameters: runnerParameters ?? {}, config, user: USER },
    (rendering) => renderParameters(rendering, sources.renderer),
  );
  if (request.fault) return refused(request.fault);
  try {
    const execution = newExecution(request, { action: known, runnerParameters }, id, now);
    return { verdict: { ...verdict, execution: id }, execution };
  } catch (error) {
    return refused(toFault(error));
  }
}

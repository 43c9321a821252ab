import { type Fault, toFault } from '../contract/errors.ts';
import type { RuleVerdict, TriggerInstance } from '../contract/triggers.ts';
import {
  type ExecutionRequest,
  type NewExecution,
  refusedExecution,
  unknownAction,
} from '../executions/new-execution.ts';
import { renderParameters } from '../expressions/render-parameters.ts';
import { isoTime } from '../kit/clock.ts';
import { newId } from '../kit/new-id.ts';
import type { Judgement } from '../pipeline.ts';
import type { CompiledRule } from '../rules/compile-rule.ts';
import type { MatchContext } from '../rules/criteria.ts';
import { contextOf, renderRequest } from '../rules/render-request.ts';
import { judgeRules, type RuleSet } from '../rules/rule-set.ts';
import { configFor, maskFault, type PrepareSources, recordExecution, USER } from './prepare-execution.ts';

/** Joins rules and executions: each rule's verdict on an event, and for those that matched the execution they ask for. */
export type JudgeSources = PrepareSources & {
  rulesOn(trigger: string): RuleSet;
  readonly matching: Omit<MatchContext, 'now'>;
};

export async function judge(sources: JudgeSources, instance: TriggerInstance): Promise<Judgement> {
  const set = sources.rulesOn(instance.trigger);
  const now = sources.clock.now();
  const verdicts = await judgeRules(set, instance.payload, { ...sources.matching, now });
  if (!verdicts.told.some(({ matched }) => matched)) return { verdicts, executions: [] };
  const enforced = await Promise.all(
    verdicts.told.map((verdict): Enforcement | Promise<Enforcement> => {
      const rule = verdict.matched ? set.byRef.get(verdict.rule) : undefined;
      return rule ? enforce(sources, instance, verdict, rule) : { verdict };
    }),
  );
  return {
    verdicts: { ...verdicts, told: enforced.map(({ verdict }) => verdict) },
    executions: enforced.flatMap(({ execution }) => execution ?? []),
  };
}

type Enforcement = { readonly verdict: RuleVerdict; readonly execution?: NewExecution | undefined };

/** A request that cannot be made is kept as a failed execution: a rule asked for it, and nobody is there to be told. */
export async function enforce(
  sources: PrepareSources,
  instance: Pick<TriggerInstance, 'id' | 'trigger' | 'payload'>,
  verdict: RuleVerdict,
  { definition }: CompiledRule,
): Promise<Enforcement> {
  const { parameters, ref: action } = definition.action;
  const context = contextOf(definition, instance);
  const asked: ExecutionRequest = { action, parameters, context };
  const id = newId();
  const now = isoTime(sources.clock);
  const refused = (fault: Fault): Enforcement => ({
    verdict: { ...verdict, execution: id, fault },
    execution: refusedExecution(asked, fault, id, now),
  });
  const known = sources.action(action);
  if (!known) return refused(unknownAction(action));
  const runnerParameters = sources.runners.get(known.runner)?.parameters;
  const config = await configFor(sources, known).catch(toFault);
  if ('code' in config) return refused(config);
  const request = await renderRequest(
    {
      rule: definition,
      instance,
      action: known,
      runnerParameters: runnerParameters ?? {},
      config: config.values,
      user: USER,
    },
    (rendering) => renderParameters(rendering, sources.renderer),
  );
  if (request.fault) return refused(maskFault(request.fault, config));
  try {
    const execution = recordExecution(request, { action: known, runnerParameters }, config, id, now);
    return { verdict: { ...verdict, execution: id }, execution };
  } catch (error) {
    return refused(maskFault(toFault(error), config));
  }
}

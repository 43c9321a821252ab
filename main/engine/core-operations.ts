import { StormletError } from '../contract/errors.ts';
import { isJsonObject } from '../contract/json.ts';
import type { TriggerInstance } from '../contract/triggers.ts';
import type { Operation } from '../runners/stormlet-operation.ts';
import type { Intake } from '../triggers/intake.ts';

/** The app's own operations that the pack `core` offers; their parameters are checked by then. */
export function coreOperations(
  intake: () => Pick<Intake, 'submit'>,
  causeFor: (execution: string) => TriggerInstance['cause'],
): Record<string, Operation> {
  return {
    'core.inject_trigger': async (parameters, { execution }) => {
      const trigger = String(parameters.trigger);
      const payload = isJsonObject(parameters.payload) ? parameters.payload : {};
      const message = { payload, trace_tag: parameters.trace_tag ?? null };
      const traceTag = typeof message.trace_tag === 'string' ? message.trace_tag : undefined;
      const instance = await intake().submit({
        trigger,
        payload,
        source: 'engine',
        traceTag,
        cause: causeFor(execution),
      });
      if (instance.problem) throw refused(instance.problem);
      return { trigger, ...message, trigger_instance: instance.id };
    },
  };
}

function refused({ code, message, hint }: { code: string; message: string; hint?: string | undefined }): StormletError {
  return new StormletError({ code, kind: 'user', message, ...(hint !== undefined && { hint }) });
}

import { StormletError } from '../contract/errors.ts';
import { isJsonObject } from '../contract/json.ts';
import type { Operation } from '../runners/stormlet-operation.ts';
import type { Intake } from '../triggers/intake.ts';

/** The app's own operations that the pack `core` offers; their parameters are checked by then. */
export function coreOperations(intake: () => Pick<Intake, 'receive'>): Record<string, Operation> {
  return {
    'core.inject_trigger': async (parameters) => {
      const trigger = String(parameters.trigger);
      const payload = isJsonObject(parameters.payload) ? parameters.payload : {};
      const message = { payload, trace_tag: parameters.trace_tag ?? null };
      const instance = await intake().receive({
        trigger,
        body: Buffer.from(JSON.stringify(message)),
        source: 'engine',
      });
      if (instance.problem) throw refused(instance.problem);
      return { trigger, ...message, trigger_instance: instance.id };
    },
  };
}

function refused({ code, message, hint }: { code: string; message: string; hint?: string | undefined }): StormletError {
  return new StormletError({ code, kind: 'user', message, ...(hint !== undefined && { hint }) });
}

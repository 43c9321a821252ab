import { COMPLETED_STATUSES, type Execution, type ExecutionStatus } from '../contract/executions.ts';
import type { JsonObject } from '../contract/json.ts';
import type { NotifySection, NotifySubsection } from '../contract/notify.ts';

/** What a `notify` section asks for at the end of an execution; its texts are still templates. */
export type Notification = {
  readonly when: keyof NotifySection;
  readonly message: string;
  readonly data: JsonObject;
  readonly routes: readonly string[];
  /** Also, or only, as a notice of the app. */
  readonly onDesktop: boolean;
};

/** The route that is the app's own notice. */
const DESKTOP = 'desktop';

/** First what is told of every end, then what of a good or a bad one (st2actions/notifier). A canceled one is neither. */
export function notificationsOf(execution: Execution, notify: NotifySection | undefined): Notification[] {
  if (!notify) return [];
  return whenOf(execution.status).flatMap((when) => {
    const section = notify[when];
    return section ? [notification(execution, when, section)] : [];
  });
}

/** What was asked for with the execution goes before what its action always asks for; a step of a workflow has its own only. */
export function notifyOf(execution: Execution, ofAction: NotifySection | undefined): NotifySection | undefined {
  const { notify, parent } = execution.context;
  return notify ?? (parent === undefined ? ofAction : undefined);
}

function whenOf(status: ExecutionStatus): (keyof NotifySection)[] {
  if (status === 'succeeded') return ['on-complete', 'on-success'];
  if (status === 'failed' || status === 'timeout' || status === 'abandoned') return ['on-complete', 'on-failure'];
  return (COMPLETED_STATUSES as readonly ExecutionStatus[]).includes(status) ? ['on-complete'] : [];
}

const SAID = { 'on-complete': 'completed', 'on-success': 'succeeded', 'on-failure': 'failed' } as const;

function notification({ action }: Execution, when: keyof NotifySection, section: NotifySubsection): Notification {
  const { message, data = {}, routes } = section;
  return {
    when,
    message: message || `Action ${action} ${SAID[when]}.`,
    data,
    routes,
    onDesktop: routes.length === 0 || routes.includes(DESKTOP),
  };
}

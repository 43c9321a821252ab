import type { ActionDefinition } from '../contract/packs.ts';
import type { ResourceRef } from '../contract/refs.ts';
import { nextTry } from '../executions/retry.ts';
import type { ExpressionRenderer } from '../expressions/renderer.ts';
import type { Host } from '../host.ts';
import type { Clock } from '../kit/clock.ts';
import type { Store } from '../store/store.ts';
import type { Announcer } from './announcer.ts';
import type { EventSources } from './event-sources.ts';
import { NoticeDesk } from './notice-desk.ts';
import { NotifyDesk } from './notify-desk.ts';
import type { PolicyBook } from './policy-book.ts';

/** The two that tell of an end: the app in its own words, and `notify` sections in theirs; each end by one of them. */
export function buildNotices(parts: {
  readonly host: Host;
  readonly clock: Clock;
  readonly store: Store;
  readonly announcer: Announcer;
  readonly renderer: ExpressionRenderer;
  readonly events: EventSources;
  readonly policies: Pick<PolicyBook, 'index'>;
  action(ref: ResourceRef): ActionDefinition | undefined;
}): { readonly notices: NoticeDesk; readonly notify: NotifyDesk } {
  const notices: NoticeDesk = new NoticeDesk({
    ...parts,
    isToldOtherwise: (finished) => notify.speaksFor(finished),
    isTriedAgain: (finished) => nextTry(finished, parts.policies.index.retry(finished.action)) !== undefined,
  });
  const notify = new NotifyDesk({
    renderer: parts.renderer,
    events: parts.events.internal,
    log: parts.host.log.scope('notifications'),
    notifyOf: (action) => parts.action(action)?.notify,
    show: (execution, message) => notices.show(execution, message),
  });
  return { notices, notify };
}

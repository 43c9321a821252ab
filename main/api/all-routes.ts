import type { Route } from './route.ts';
import { accessRoutes } from './routes/access.ts';
import { actionRoutes } from './routes/actions.ts';
import { aliasRoutes } from './routes/aliases.ts';
import { executionRoutes } from './routes/executions.ts';
import { inquiryRoutes } from './routes/inquiries.ts';
import { keyRoutes } from './routes/keys.ts';
import { packFileRoutes } from './routes/pack-files.ts';
import { packRoutes } from './routes/packs.ts';
import { policyRoutes } from './routes/policies.ts';
import { ruleRoutes } from './routes/rules.ts';
import { sensorRoutes } from './routes/sensors.ts';
import { traceRoutes } from './routes/traces.ts';
import { triggerRoutes } from './routes/triggers.ts';
import { webhookRoutes } from './routes/webhooks.ts';

/** Of two paths that fit a request, the first one answers. */
export const ROUTES: readonly Route[] = [
  ...accessRoutes,
  ...executionRoutes,
  ...actionRoutes,
  ...aliasRoutes,
  ...ruleRoutes,
  ...policyRoutes,
  ...triggerRoutes,
  ...traceRoutes,
  ...keyRoutes,
  ...packFileRoutes,
  ...packRoutes,
  ...inquiryRoutes,
  ...sensorRoutes,
  ...webhookRoutes,
];

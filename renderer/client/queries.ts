import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { ExecutionFilter } from '../../main/contract/executions.ts';
import type { KeyScope } from '../../main/contract/keys.ts';
import type { PackRef, ResourceRef } from '../../main/contract/refs.ts';
import type { Client } from '../../main/contract/rpc.ts';
import type { Settings } from '../../main/contract/settings.ts';
import type { TriggerInstanceFilter } from '../../main/contract/triggers.ts';

export type ExecutionQuery = Omit<z.input<typeof ExecutionFilter>, 'before' | 'limit' | 'results'>;
export type InstanceQuery = Omit<z.input<typeof TriggerInstanceFilter>, 'before' | 'limit'>;

const PAGE_SIZE = 100;
/** Lines of the engine's log that a window holds on to. */
export const LOG_LINES = 2_000;
/** The last so many events that a rule is tried on. */
export const TESTED_AT_ONCE = 50;
const BACKTESTED_AT_ONCE = 200;
/** As many as show what a trigger's payload may hold. */
const LAST_EVENTS = 20;

type RuleTestQuery = {
  readonly yaml: string;
  readonly ref?: ResourceRef | undefined;
  /** Absent: the last ones. */
  readonly since?: string | undefined;
};

/** Every read of the contract as a query; the keys begin with the contract's own group and method. */
export function queriesOf(client: Client) {
  return {
    status: () => queryOptions({ queryKey: ['engine', 'status'], queryFn: () => client.engine.status() }),
    doctor: () => queryOptions({ queryKey: ['engine', 'doctor'], queryFn: () => client.engine.doctor() }),
    packs: () => queryOptions({ queryKey: ['packs', 'list'], queryFn: () => client.packs.list() }),
    pack: (ref: PackRef) => queryOptions({ queryKey: ['packs', 'get', ref], queryFn: () => client.packs.get({ ref }) }),
    packConfig: (ref: PackRef) =>
      queryOptions({ queryKey: ['packs', 'config', ref], queryFn: () => client.packs.config({ ref }) }),
    keys: (scope: KeyScope = 'system') =>
      queryOptions({ queryKey: ['keys', 'list', scope], queryFn: () => client.keys.list({ scope }) }),
    workflow: (action: ResourceRef) =>
      queryOptions({ queryKey: ['workflows', 'inspect', action], queryFn: () => client.workflows.inspect({ action }) }),
    children: (id: string) =>
      queryOptions({ queryKey: ['executions', 'children', id], queryFn: () => client.executions.children({ id }) }),
    apiKeys: () => queryOptions({ queryKey: ['apiKeys', 'list'], queryFn: () => client.apiKeys.list() }),
    /** They follow from the settings, so are asked for anew with other ones. */
    apiAddresses: (api: Settings['api']) =>
      queryOptions({ queryKey: ['api', 'addresses', api], queryFn: () => client.api.addresses() }),
    backups: () => queryOptions({ queryKey: ['backup', 'state'], queryFn: () => client.backup.state() }),
    busKeys: () => queryOptions({ queryKey: ['bus', 'keys'], queryFn: () => client.bus.keys() }),
    log: () => queryOptions({ queryKey: ['engine', 'log'], queryFn: () => client.engine.log({ lines: LOG_LINES }) }),
    files: (ref: string) => queryOptions({ queryKey: ['files', 'of', ref], queryFn: () => client.files.of({ ref }) }),
    editors: (command: string) =>
      queryOptions({ queryKey: ['files', 'editors', command], queryFn: () => client.files.editors() }),
    aliases: () => queryOptions({ queryKey: ['aliases', 'list'], queryFn: () => client.aliases.list() }),
    aliasMatches: (text: string) =>
      queryOptions({
        queryKey: ['aliases', 'match', text],
        queryFn: () => client.aliases.match({ text }),
        gcTime: 10_000,
      }),
    availablePacks: () => queryOptions({ queryKey: ['packs', 'available'], queryFn: () => client.packs.available() }),
    catalogue: (search: string) =>
      queryOptions({
        queryKey: ['packs', 'catalogue', search],
        queryFn: () => client.packs.catalogue({ search }),
        placeholderData: keepPreviousData,
      }),
    sensors: () => queryOptions({ queryKey: ['sensors', 'list'], queryFn: () => client.sensors.list() }),
    sensorLog: (ref: ResourceRef) =>
      queryOptions({ queryKey: ['sensors', 'log', ref], queryFn: () => client.sensors.log({ ref }) }),
    triggerTypes: () => queryOptions({ queryKey: ['triggers', 'types'], queryFn: () => client.triggers.types() }),
    rules: () => queryOptions({ queryKey: ['rules', 'list'], queryFn: () => client.rules.list() }),
    ruleProblems: () => queryOptions({ queryKey: ['rules', 'problems'], queryFn: () => client.rules.problems() }),
    rule: (ref: ResourceRef) =>
      queryOptions({ queryKey: ['rules', 'get', ref], queryFn: () => client.rules.get({ ref }) }),
    policies: () => queryOptions({ queryKey: ['policies', 'list'], queryFn: () => client.policies.list() }),
    policyProblems: () =>
      queryOptions({ queryKey: ['policies', 'problems'], queryFn: () => client.policies.problems() }),
    ruleReading: (yaml: string, ref: ResourceRef | undefined) =>
      queryOptions({
        queryKey: ['rules', 'check', yaml, ref],
        queryFn: () => client.rules.check({ yaml, ...(ref && { ref }) }),
      }),
    ruleTest: ({ since, ref, yaml }: RuleTestQuery) =>
      infiniteQueryOptions({
        queryKey: ['rules', 'test', { since, ref, yaml }],
        queryFn: ({ pageParam }) =>
          client.rules.test({
            yaml,
            ...(ref && { ref }),
            ...(since !== undefined && { since }),
            ...(pageParam && { before: pageParam }),
            limit: since === undefined ? TESTED_AT_ONCE : BACKTESTED_AT_ONCE,
          }),
        initialPageParam: '',
        getNextPageParam: (page) => page.next,
        placeholderData: keepPreviousData,
        gcTime: 30_000,
      }),
    lastEvents: (trigger: string) =>
      queryOptions({
        queryKey: ['triggers', 'last', trigger],
        queryFn: async () => (await client.triggers.page({ trigger, limit: LAST_EVENTS })).items,
      }),
    actions: () => queryOptions({ queryKey: ['actions', 'list'], queryFn: () => client.actions.list() }),
    action: (ref: ResourceRef) =>
      queryOptions({ queryKey: ['actions', 'get', ref], queryFn: () => client.actions.get({ ref }) }),
    execution: (id: string) =>
      queryOptions({ queryKey: ['executions', 'get', id], queryFn: () => client.executions.get({ id }) }),
    instance: (id: string) =>
      queryOptions({ queryKey: ['triggers', 'get', id], queryFn: () => client.triggers.get({ id }) }),
    trace: (id: string) => queryOptions({ queryKey: ['traces', 'get', id], queryFn: () => client.traces.get({ id }) }),
    inquiries: () => queryOptions({ queryKey: ['inquiries', 'list'], queryFn: () => client.inquiries.list() }),
    notices: () =>
      queryOptions({ queryKey: ['notifications', 'recent'], queryFn: () => client.notifications.recent() }),
    settings: () => queryOptions({ queryKey: ['settings', 'get'], queryFn: () => client.settings.get() }),
    executions: (filter: ExecutionQuery = {}) =>
      infiniteQueryOptions({
        queryKey: ['executions', 'page', filter],
        queryFn: ({ pageParam }) =>
          client.executions.page({
            ...filter,
            results: false,
            limit: PAGE_SIZE,
            ...(pageParam && { before: pageParam }),
          }),
        initialPageParam: '',
        getNextPageParam: (page) => page.next,
        placeholderData: keepPreviousData,
      }),
    instances: (filter: InstanceQuery = {}) =>
      infiniteQueryOptions({
        queryKey: ['triggers', 'page', filter],
        queryFn: ({ pageParam }) =>
          client.triggers.page({ ...filter, limit: PAGE_SIZE, ...(pageParam && { before: pageParam }) }),
        initialPageParam: '',
        getNextPageParam: (page) => page.next,
        placeholderData: keepPreviousData,
      }),
  };
}

export type Queries = ReturnType<typeof queriesOf>;

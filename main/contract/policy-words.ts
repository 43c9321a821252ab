import {
  ConcurrencyByAttributeParameters,
  ConcurrencyParameters,
  type PolicyDefinition,
  RetryParameters,
} from './policies.ts';

/** What a policy does, in a sentence; undefined where its parameters are none of its type. */
export function policyInWords({ type, parameters }: Pick<PolicyDefinition, 'type' | 'parameters'>): string | undefined {
  if (type === 'action.retry') {
    const retry = RetryParameters.safeParse(parameters).data;
    return retry && retryInWords(retry);
  }
  if (type === 'action.concurrency') {
    const plain = ConcurrencyParameters.safeParse(parameters).data;
    return plain && concurrencyInWords(plain, []);
  }
  const counted = ConcurrencyByAttributeParameters.safeParse(parameters).data;
  return counted && concurrencyInWords(counted, counted.attributes);
}

function retryInWords(retry: { retry_on: string; max_retry_count: number; delay: number }): string {
  const what = retry.retry_on === 'failure' ? 'What fails' : 'What takes longer than its time';
  const times = retry.max_retry_count === 1 ? 'once more' : `up to ${retry.max_retry_count} times more`;
  return `${what} is tried ${times}, ${retry.delay === 0 ? 'at once' : `each ${retry.delay} s later`}.`;
}

function concurrencyInWords(limit: { threshold: number; action: string }, attributes: readonly string[]): string {
  const same = attributes.length === 0 ? '' : ` with the same ${attributes.map((name) => `\`${name}\``).join(' and ')}`;
  const runs = limit.threshold === 1 ? 'One runs' : `${limit.threshold} run`;
  return `${runs} at one time${same}; further ones ${limit.action === 'delay' ? 'wait' : 'are canceled'}.`;
}

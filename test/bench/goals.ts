/**
 * What the product has set itself, each goal as one or more ratios to a named peer or as a plain bound. `floor`: what a
 * release needs; `moonshot`: what the project is here for.
 */
export type Bound = {
  readonly what: string;
  readonly unit: '×' | 'ms' | 'MB' | 's' | '/s' | '';
  readonly better: 'more' | 'less';
  readonly floor: number;
  readonly moonshot: number;
};

export type Goal = { readonly title: string; readonly bounds: Readonly<Record<string, Bound>> };

const faster = (what: string, floor: number, moonshot: number): Bound => {
  return { what, unit: '×', better: 'more', floor, moonshot };
};
const atMost = (what: string, unit: 'ms' | 'MB' | 's' | '×', floor: number, moonshot: number): Bound => {
  return { what, unit, better: 'less', floor, moonshot };
};

export const GOALS = {
  G1: {
    title: 'event → rule → isolated Python action → result',
    bounds: { stackstorm: faster('StackStorm’s latency, p50', 50, 100) },
  },
  G2: {
    title: 'the same beside Node-RED’s exec node',
    bounds: {
      p50: faster('Node-RED’s latency, p50', 5, 8),
      p99: faster('Node-RED’s latency, p99', 3, 5),
    },
  },
  G3: {
    title: 'the same with `requests` and `yaml` imported',
    bounds: { cold: faster('a cold start on the same virtualenv, p50', 12, 20) },
  },
  G4: {
    title: 'isolated actions a second, 16 events in flight',
    bounds: {
      stackstorm: faster('StackStorm’s actions a second', 60, 100),
      nodeRed: faster('Node-RED’s exec nodes a second', 5, 10),
    },
  },
  G5: {
    title: 'an action on a standby interpreter, where nothing can be forked',
    bounds: { cold: faster('a cold start, p50', 3, 4) },
  },
  G6: {
    title: 'events through 100 rules of which one matches, recorded',
    bounds: {
      nodeRed: faster('Node-RED’s function node, nothing recorded', 1, 2),
      rulebook: faster('ansible-rulebook with one rule', 5, 10),
    },
  },
  G7: {
    title: 'evaluation of 1,000 rules alone',
    bounds: { rulebook: faster('ansible-rulebook with one rule', 25, 50) },
  },
  G8: {
    title: 'a pack’s virtualenv with three packages, wheels at hand',
    bounds: { pip: faster('venv and pip', 12, 25) },
  },
  G9: {
    title: 'saved → live, in a pack of 2,000 files',
    bounds: {
      p50: atMost('rule or action, p50', 'ms', 100, 30),
      p99: atMost('rule or action, p99', 'ms', 200, 60),
    },
  },
  G10: {
    title: 'start to the first event served, 50 packs there',
    bounds: { nodeRed: faster('Node-RED’s start with one flow', 1.5, 3) },
  },
  G11: {
    title: 'memory at rest, with broker and history',
    bounds: {
      nodeRed: atMost('of Node-RED’s and its broker’s', '×', 1.34, 1),
      stackstorm: atMost('of StackStorm’s, without its database', '×', 1 / 3, 1 / 4),
    },
  },
  G12: {
    title: 'memory of what waits for a pack',
    bounds: {
      warm: atMost('warm interpreter', 'MB', 20, 10),
      web: atMost('warm interpreter with `requests` and `yaml`', 'MB', 60, 30),
      sensor: atMost('idle sensor', 'MB', 30, 15),
    },
  },
  G13: {
    title: 'the bus, beside Mosquitto',
    bounds: {
      qos0: faster('Mosquitto’s messages a second at QoS 0', 0.5, 0.7),
      qos1: faster('Mosquitto’s messages a second at QoS 1', 0.7, 0.9),
    },
  },
  G14: {
    title: 'events recorded before they are acknowledged',
    bounds: {
      perSecond: { what: 'recorded', unit: '/s', better: 'more', floor: 5000, moonshot: 20_000 },
      added: atMost('added to an acknowledgement, p50', 'ms', 5, 2),
    },
  },
  G15: {
    title: 'one step of a workflow',
    bounds: {
      noop: atMost('without a process, p50', 'ms', 5, 1.4),
      python: atMost('with a process, p50', 'ms', 15, 4),
    },
  },
  G16: {
    title: 'kill -9 in a storm',
    bounds: {
      lost: { what: 'acknowledged events lost', unit: '', better: 'less', floor: 0, moonshot: 0 },
      twice: { what: 'actions run twice', unit: '', better: 'less', floor: 0, moonshot: 0 },
      ready: atMost('until it is ready again', 's', 1, 1),
    },
  },
  G17: {
    title: 'the window, 100,000 events and executions stored: click → rows painted',
    bounds: {
      p50: atMost('slowest view, p50', 'ms', 100, 50),
      worst: atMost('slowest view, worst', 'ms', 200, 100),
    },
  },
} as const satisfies Record<string, Goal>;

export type GoalId = keyof typeof GOALS;

/** What somebody was seen to do; each figure where it was measured. Times in milliseconds. */
export type Measured = {
  readonly who: string;
  readonly p50?: number;
  readonly p99?: number;
  readonly perSecond?: number;
  readonly megabytes?: number;
  /** Processor time of all processes, for each. */
  readonly cpuMs?: number;
  /** Quoted as it was measured on another day, where the peer cannot be run here. */
  readonly isQuoted?: boolean;
};

export type Outcome = {
  readonly goal: GoalId;
  readonly measured: readonly Measured[];
  /** By the goal's bounds; a peer that is not there leaves its own out. */
  readonly values: Readonly<Record<string, number>>;
  readonly notes?: readonly string[];
};

/** Typed by the goal: a bound that it does not have cannot be answered. */
export function outcome<Id extends GoalId>(
  goal: Id,
  measured: readonly Measured[],
  values: Partial<Record<keyof (typeof GOALS)[Id]['bounds'] & string, number>>,
  notes?: readonly string[],
): Outcome {
  const known = Object.entries(values).filter(([, value]) => typeof value === 'number' && !Number.isNaN(value));
  return { goal, measured, values: Object.fromEntries(known) as Record<string, number>, ...(notes && { notes }) };
}

export type Verdict = 'moonshot' | 'floor' | 'missed';

export function judgeBound(bound: Bound, value: number): Verdict {
  const reaches = (wanted: number) => (bound.better === 'more' ? value >= wanted : value <= wanted);
  if (reaches(bound.moonshot)) return 'moonshot';
  return reaches(bound.floor) ? 'floor' : 'missed';
}

/** StackStorm 3.10 with quiet logs on a machine of this size; it needs MongoDB and RabbitMQ, so it is not run beside. */
export const STACKSTORM: Measured = {
  who: 'StackStorm',
  p50: 440,
  p99: 567,
  perSecond: 4.4,
  megabytes: 494,
  isQuoted: true,
};
/** 1.3.2 with one rule and no action. It needs Java. */
export const RULEBOOK: Measured = { who: 'ansible-rulebook', perSecond: 3600, isQuoted: true };

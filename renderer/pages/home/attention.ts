import type { Problem } from '../../../main/contract/errors.ts';
import { type Inquiry, inquiryFields } from '../../../main/contract/inquiries.ts';
import type { PackSummary } from '../../../main/contract/packs.ts';
import type { PolicySummary } from '../../../main/contract/policies.ts';
import type { RuleSummary } from '../../../main/contract/rules.ts';
import type { SensorStatus } from '../../../main/contract/sensors.ts';

/** Something that stays as it is until a person acts. */
export type Concern = {
  readonly key: string;
  readonly tone: 'warn' | 'bad';
  readonly title: string;
  readonly why: string;
  readonly place:
    | { readonly pack: PackSummary['ref'] }
    | { readonly rule: RuleSummary['ref'] }
    | 'rules'
    | 'policies'
    | 'inquiries';
};

type Engine = {
  readonly packs: readonly PackSummary[];
  readonly sensors: readonly SensorStatus[];
  readonly rules: readonly RuleSummary[];
  readonly ruleProblems: readonly Problem[];
  readonly policies: readonly PolicySummary[];
  readonly policyProblems: readonly Problem[];
  readonly inquiries: readonly Inquiry[];
};

/** What is broken first, then what merely waits. */
export function concernsOf(engine: Engine): Concern[] {
  const { packs, sensors, rules, ruleProblems, policies, policyProblems, inquiries } = engine;
  const concerns = [
    ...packs.flatMap(packConcern),
    ...sensors.flatMap(sensorConcern),
    ...rules.flatMap(ruleConcern),
    ...ruleProblems.map((problem) => fileConcern(problem, 'rules', 'A rule file can’t be read')),
    ...policies.flatMap(policyConcern),
    ...policyProblems.map((problem) => fileConcern(problem, 'policies', 'A policy file can’t be read')),
    ...inquiries.map(questionConcern),
  ];
  return concerns.sort((a, b) => Number(a.tone === 'warn') - Number(b.tone === 'warn'));
}

/** A sloppy schema is for its author to mend, and the pack works all the same. */
const SCHEMA_CODE = 'config/schema-invalid';

function packConcern(pack: PackSummary): Concern[] {
  const place = { pack: pack.ref };
  const key = `pack ${pack.ref}`;
  const problems = pack.problems.filter(({ code }) => code !== SCHEMA_CODE);
  const [problem] = problems;
  if (pack.state === 'broken') {
    return [{ key, tone: 'bad', title: `Pack ${pack.name} can't be used`, why: problem?.message ?? '', place }];
  }
  if (pack.state === 'disabled') return [];
  const virtualenv = virtualenvConcern(pack);
  if (virtualenv) return [{ key, place, ...virtualenv }];
  if (!problem) return [];
  if (pack.missingConfig.length > 0) {
    const why = `it requires ${pack.missingConfig.map((name) => `\`${name}\``).join(', ')}`;
    return [{ key, tone: 'warn', title: `Pack ${pack.name} needs configuration`, why, place }];
  }
  const title = `Pack ${pack.name} has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}`;
  return [{ key, tone: 'warn', title, why: problem.message, place }];
}

function virtualenvConcern({
  name,
  state,
  virtualenv,
}: PackSummary): Pick<Concern, 'tone' | 'title' | 'why'> | undefined {
  const { why = 'it has no virtualenv yet', output } = virtualenv;
  const isBuilding = virtualenv.state === 'building';
  if (state === 'not-ready' && isBuilding) {
    // A first build is watched by whoever asked for it; this one the app began by itself.
    return virtualenv.why === undefined ? undefined : { tone: 'warn', title: `Pack ${name} is being built again`, why };
  }
  if (state === 'not-ready') {
    const title = `Pack ${name} is not ready`;
    if (virtualenv.state !== 'failed') return { tone: 'warn', title, why };
    return { tone: 'bad', title, why: virtualenv.why ?? 'its requirements could not be installed' };
  }
  if (virtualenv.state !== 'outdated') return undefined;
  if (output === undefined) return { tone: 'warn', title: `Pack ${name} wants an update of its virtualenv`, why };
  return {
    tone: 'bad',
    title: `Pack ${name} still runs on its old requirements`,
    why: 'the new ones could not be installed',
  };
}

function sensorConcern({ ref, pack, state, why = '' }: SensorStatus): Concern[] {
  if (state !== 'given-up') return [];
  return [{ key: `sensor ${ref}`, tone: 'bad', title: `Sensor ${ref} was given up`, why, place: { pack } }];
}

function ruleConcern({ ref, name, state, problems }: RuleSummary): Concern[] {
  if (state !== 'broken') return [];
  const why = problems[0]?.message ?? '';
  return [{ key: `rule ${ref}`, tone: 'bad', title: `Rule ${name} can't run`, why, place: { rule: ref } }];
}

/** It bounds nothing, which nobody would notice before too much runs. */
function policyConcern({ ref, name, state, problems }: PolicySummary): Concern[] {
  if (state !== 'broken') return [];
  const why = problems[0]?.message ?? '';
  return [{ key: `policy ${ref}`, tone: 'bad', title: `Policy ${name} does nothing`, why, place: 'policies' }];
}

function fileConcern({ file, line, message }: Problem, place: 'rules' | 'policies', title: string): Concern {
  return { key: `file ${file} ${line}`, tone: 'bad', title, why: message, place };
}

function questionConcern({ id, action, schema }: Inquiry): Concern {
  const [field] = Object.entries(inquiryFields(schema));
  const why = field ? (field[1].description ?? field[0]) : '';
  return { key: `inquiry ${id}`, tone: 'warn', title: `${action} waits for your answer`, why, place: 'inquiries' };
}

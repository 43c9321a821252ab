import type { JsonObject } from '../../contract/json.ts';
import type { Conductor, Decision } from '../conductor.ts';
import type { OrquestaProblem } from './problem.ts';

/** Of a workflow that its inspection found faults in: it fails before anything runs, and its result says why. */
export class RefusedConductor implements Conductor {
  readonly state: JsonObject = {};
  readonly #decision: Decision;

  constructor(problems: readonly OrquestaProblem[]) {
    const errors = problems.map((problem): JsonObject => ({ ...problem }));
    this.#decision = { run: [], status: 'failed', result: { output: null, errors } };
  }

  begin = () => this.#decide();
  onEnd = () => this.#decide();
  pause = () => this.#decide();
  resume = () => this.#decide();
  cancel = () => this.#decide();
  rerun = () => this.#decide();

  #decide(): Promise<Decision> {
    return Promise.resolve(this.#decision);
  }
}

import { setFlagsFromString } from 'node:v8';

/** Of what lives: how much more there may be before what is dead is looked for. */
const GROWTH_PERCENT = 100;

/**
 * Has V8 look for garbage earlier than it does for a server: this app stands beside others on a workstation. In a storm some 50 MB
 * live and 10 MB of garbage a second come to the old generation, which V8 lets grow to four times what lives. That was 500 MB in
 * place of 380, for some 3 % less of processor time.
 */
export function keepHeapLean(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
}

import type { ParameterSpecs } from '../contract/parameter-spec.ts';
import { HTTP_PARAMETERS } from './http-parameters.ts';
import { COMMAND_PARAMETERS } from './local-shell-command.ts';
import { noopRunner } from './noop.ts';
import { PYTHON_PARAMETERS } from './python-script.ts';
import { SHELL_PARAMETERS } from './shell-program.ts';
import { OPERATION_PARAMETERS } from './stormlet-operation.ts';

/** The runners that the app has, by `runner_type`, with their own parameters: for who looks at packs without running any. */
export const KNOWN_RUNNERS: Readonly<Record<string, ParameterSpecs>> = {
  'http-request': HTTP_PARAMETERS,
  'local-shell-cmd': COMMAND_PARAMETERS,
  'local-shell-script': SHELL_PARAMETERS,
  noop: noopRunner.parameters,
  'python-script': PYTHON_PARAMETERS,
  stormlet: OPERATION_PARAMETERS,
};

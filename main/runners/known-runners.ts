import type { ParameterSpecs } from '../contract/parameter-spec.ts';
import { ANNOUNCEMENT_PARAMETERS } from './announcement.ts';
import { HTTP_PARAMETERS } from './http-parameters.ts';
import { INQUIRER_PARAMETERS } from './inquirer.ts';
import { COMMAND_PARAMETERS } from './local-shell-command.ts';
import { NODE_PARAMETERS } from './node-script.ts';
import { noopRunner } from './noop.ts';
import { PYTHON_PARAMETERS } from './python-script/python-script.ts';
import { REMOTE_COMMAND_PARAMETERS, REMOTE_PARAMETERS } from './remote-parameters.ts';
import { SHELL_PARAMETERS } from './shell-program.ts';
import { OPERATION_PARAMETERS } from './stormlet-operation.ts';
import { CHAIN_PARAMETERS, ORQUESTA_PARAMETERS } from './workflow.ts';

/** The runners that the app has, by `runner_type`, with their own parameters: for who looks at packs without running any. */
export const KNOWN_RUNNERS: Readonly<Record<string, ParameterSpecs>> = {
  'action-chain': CHAIN_PARAMETERS,
  announcement: ANNOUNCEMENT_PARAMETERS,
  'http-request': HTTP_PARAMETERS,
  inquirer: INQUIRER_PARAMETERS,
  'local-shell-cmd': COMMAND_PARAMETERS,
  'local-shell-script': SHELL_PARAMETERS,
  'node-script': NODE_PARAMETERS,
  noop: noopRunner.parameters,
  orquesta: ORQUESTA_PARAMETERS,
  'python-script': PYTHON_PARAMETERS,
  'remote-shell-cmd': REMOTE_COMMAND_PARAMETERS,
  'remote-shell-script': REMOTE_PARAMETERS,
  stormlet: OPERATION_PARAMETERS,
};

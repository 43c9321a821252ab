import { pypiPython } from './pypi-python.ts';

/** An interpreter with what the base environment gives the expressions service. */
export function jinjaPython(): Promise<string> {
  return pypiPython('jinja', ['jinja2', 'PyYAML']);
}

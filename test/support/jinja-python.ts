import { pypiPython } from './pypi-python.ts';

/** An interpreter with what the base environment gives the expressions service. */
export function jinjaPython(): Promise<string> {
  return pypiPython('expressions', ['jinja2', 'PyYAML', 'yaql>=2,<4']);
}

import type { z } from 'zod';
import { type DataFile, parseDataFile } from '../../kit/yaml-file.ts';
import { definitionOf, type OrquestaDefinition } from './definition.ts';
import { DocumentSchema } from './document-schema.ts';
import type { OrquestaProblem } from './problem.ts';

export type OrquestaDocument = {
  /** Undefined where the document is not of the right shape. */
  readonly definition?: OrquestaDefinition;
  readonly problems: readonly OrquestaProblem[];
  /** Line of what is at a path such as `['tasks', 'task1', 'next', 0, 'when']`. */
  lineOf(path: readonly PropertyKey[]): number;
};

/** Reads a workflow's file. Never throws; says of each fault where it is and what may be there instead. */
export function readOrquesta(text: string, file: string): OrquestaDocument {
  const { value: data, problems } = parseDataFile(file, text);
  if (!data) {
    const syntax = problems.map(({ message, line = 1 }) => syntaxProblem(file, line, message, []));
    return { problems: syntax, lineOf: () => 1 };
  }
  const lineOf = (path: readonly PropertyKey[]) => data.lineOf(path);
  if (!isPlainData(data.value)) {
    return { problems: [syntaxProblem(file, 1, 'a workflow must not refer to itself by a YAML alias', [])], lineOf };
  }
  const parsed = DocumentSchema.safeParse(data.value);
  if (parsed.success) return { definition: definitionOf(parsed.data), problems: [], lineOf };
  return { problems: parsed.error.issues.flatMap((issue) => problemsOf(data, issue)), lineOf };
}

/** An alias within what it stands for never ends. */
function isPlainData(value: unknown): boolean {
  try {
    JSON.stringify(value);
    return true;
  } catch {
    return false;
  }
}

function problemsOf(data: DataFile, issue: z.core.$ZodIssue): OrquestaProblem[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const message = `there is no property \`${key}\` here; known are ${knownKeys(path)}`;
      return syntaxProblem(data.file, data.lineOf([...path, key]), message, path, '.additionalProperties');
    });
  }
  const name = path.length === 0 ? 'a workflow' : `\`${path.at(-1)}\``;
  const message = !hasValue(data.value, path) ? `${name} is missing` : `${name} ${issue.message}`;
  return [syntaxProblem(data.file, data.lineOf(path), message, path)];
}

function hasValue(value: unknown, path: readonly PropertyKey[]): boolean {
  let at: unknown = value;
  for (const part of path) at = at instanceof Object ? (at as Record<PropertyKey, unknown>)[part] : undefined;
  return at !== undefined;
}

function syntaxProblem(
  file: string,
  line: number,
  message: string,
  path: readonly (string | number)[],
  suffix = '',
): OrquestaProblem {
  return { type: 'syntax', message, file, line, spec_path: specPath(path), schema_path: schemaPath(path) + suffix };
}

/** `tasks.task1.next[0].do` */
export function specPath(path: readonly (string | number)[]): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text ? `${text}.${part}` : part),
    '',
  );
}

/** `properties.tasks.patternProperties.^\w+$.properties.next.items.properties.do` */
export function schemaPath(path: readonly (string | number)[]): string {
  const parts = path.map((part, index) => {
    if (typeof part === 'number') return 'items';
    return index === 1 && path[0] === 'tasks' ? 'patternProperties.^\\w+$' : `properties.${part}`;
  });
  return parts.join('.');
}

function knownKeys(path: readonly (string | number)[]): string {
  const keys = KNOWN_KEYS[path.length === 0 ? 'workflow' : path.length === 2 ? 'task' : String(path[2])] ?? [];
  return keys.map((key) => `\`${key}\``).join(', ');
}

const KNOWN_KEYS: { readonly [place: string]: readonly string[] } = {
  workflow: ['version', 'description', 'input', 'vars', 'tasks', 'output'],
  task: ['action', 'input', 'with', 'delay', 'join', 'retry', 'next'],
  next: ['when', 'publish', 'do'],
  with: ['items', 'concurrency'],
  retry: ['when', 'count', 'delay'],
};

import type { Problem } from '../contract/errors.ts';
import type { RuleDefinition } from '../contract/packs.ts';
import { compileCriterion } from './compile-criterion.ts';
import type { CompiledCriterion } from './compiled-criterion.ts';

/** A rule made ready for matching. One with problems is shown with them and never asked. */
export type CompiledRule = {
  readonly definition: RuleDefinition;
  readonly criteria: readonly CompiledCriterion[];
  readonly problems: readonly Problem[];
};

export function compileRule(definition: RuleDefinition): CompiledRule {
  const criteria: CompiledCriterion[] = [];
  const problems: Problem[] = [];
  for (const [key, criterion] of Object.entries(definition.criteria)) {
    try {
      criteria.push(compileCriterion(key, criterion));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const message = `the criterion \`${key}\` (${criterion.type}) cannot be used: ${reason}`;
      problems.push({ severity: 'error', code: 'rule/criterion-refused', message, file: definition.file });
    }
    if (!/^\s*(\$\s*\.\s*)?(trigger|system)\s*([.[#]|$)/.test(key)) problems.push(neverThere(key, definition.file));
  }
  return { definition, criteria, problems };
}

function neverThere(key: string, file: string): Problem {
  return {
    severity: 'warning',
    code: 'rule/criterion-key',
    message: `the criterion \`${key}\` always sees null, since its key does not start with \`trigger.\``,
    hint: `write \`trigger.${key}\``,
    file,
  };
}

export function isBroken(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.severity === 'error');
}

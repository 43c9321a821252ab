import { type Fault, StormletError } from '../contract/errors.ts';
import type { Json, JsonObject } from '../contract/json.ts';
import type { Criterion } from '../contract/packs.ts';
import type { CompiledCriterion, Outcome } from './compiled-criterion.ts';
import { type MatchContext, type Operator, operatorOf, type Test } from './criteria.ts';
import { type CriteriaKey, compileCriteriaKey, datastoreKeyOf } from './criteria-key.ts';
import { searchOperator } from './criteria-search.ts';
import { attempt, type Eventually, whenKnown } from './eventually.ts';

/** Throws an `Error` for a key, operator or pattern that can never be used. */
export function compileCriterion(key: string, criterion: Criterion): CompiledCriterion {
  const operator =
    criterion.type === 'search' ? searchOperator(criterion, compileCriterion) : operatorOf(criterion.type);
  if (!operator) throw new Error(`unknown operator: \`${criterion.type}\``);
  const read = readerOf(key);
  const expect = expectation(criterion.pattern ?? null, operator);
  const isFixed = datastoreKeyOf(key) === undefined && !hasTemplate(criterion.pattern ?? null);
  const text = isFixed && isEquality(criterion.type) ? criterion.pattern : undefined;
  return {
    key,
    ...(isFixed && { fixed: { expected: withoutLastNewline(criterion.pattern ?? null) } }),
    ...(typeof text === 'string' && {
      isText: { read: compileCriteriaKey(key), text: String(withoutLastNewline(text)) },
    }),
    check(root, at) {
      let seen: Json = null;
      let expected: Json = criterion.pattern ?? null;
      const ask = () => {
        seen = read(root, at);
        return whenKnown(expect(root, at), ({ pattern, test }) => {
          expected = pattern;
          return whenKnown(test(seen, at), (holds): Outcome => ({ holds, seen, expected }));
        });
      };
      return attempt(ask, (error) => ({ holds: false, seen, expected, fault: faultOf(key, criterion, error) }));
    },
  };
}

function readerOf(key: string): (root: JsonObject, at: MatchContext) => Json {
  const datastoreKey = datastoreKeyOf(key);
  if (datastoreKey !== undefined) return (_, at) => at.readKey(datastoreKey) ?? '';
  const read: CriteriaKey = compileCriteriaKey(key);
  return (root) => read(root);
}

type Expectation = { readonly pattern: Json; readonly test: Test };

/** A pattern without a template is looked at once and for all. */
function expectation(
  pattern: Json,
  operator: Operator,
): (root: JsonObject, at: MatchContext) => Eventually<Expectation> {
  if (typeof pattern === 'string' && hasTemplate(pattern)) {
    // Verdicts are kept and shown, which what was decrypted for the comparison must not be.
    const isSecret = pattern.includes('decrypt_kv');
    return (root, at) =>
      whenKnown(renderPattern(pattern, root, at), (rendered) => ({
        pattern: isSecret ? pattern : rendered,
        test: operator(rendered),
      }));
  }
  const plain = withoutLastNewline(pattern);
  const fixed = { pattern: plain, test: operator(plain) };
  return () => fixed;
}

/** Upstream renders every text, and Jinja drops one newline at the end: the one of a YAML block. */
function withoutLastNewline(pattern: Json): Json {
  return typeof pattern === 'string' ? pattern.replace(/\r\n?/g, '\n').replace(/\n$/, '') : pattern;
}

/** Also deep inside, where the criteria of a `search` have theirs. */
function hasTemplate(pattern: Json): boolean {
  return /\{[{%#]/.test(typeof pattern === 'string' ? pattern : JSON.stringify(pattern));
}

function isEquality(operator: string): boolean {
  return operator === 'equals' || operator === 'eq';
}

/** `{{ … }}` is tried as JSON first, so that numbers, lists and null stay what they are. */
function renderPattern(pattern: string, root: JsonObject, at: MatchContext): Eventually<Json> {
  const complex = pattern.replace(/\{\{\s*([^\n]*)\s*\}\}/g, '{{$1 | to_complex}}');
  if (complex === pattern) return at.render(pattern, root);
  return whenKnown(at.render(complex, root), (text) => {
    try {
      return JSON.parse(text) as Json;
    } catch {
      return at.render(pattern, root);
    }
  });
}

function faultOf(key: string, criterion: Criterion, error: unknown): Fault {
  const known = error instanceof StormletError && error.code !== 'expression/failed' ? error : undefined;
  const reason = error instanceof Error ? error.message : String(error);
  return {
    code: known?.code ?? 'rule/criterion-failed',
    kind: known?.kind ?? 'user',
    message: `the criterion \`${key}\` (${criterion.type}) failed: ${reason}`,
    ...(known?.hint !== undefined && { hint: known.hint }),
    details: { criterion: key, operator: criterion.type },
  };
}

import type { Json, JsonObject } from '../contract/json.ts';
import type { DatastoreReader } from './datastore-reader.ts';
import { type PlainTemplate, parsePlainTemplate, printPlainTemplate, variablesOf } from './fast-path.ts';

/**
 * Jinja templates as packs wrote them: values print as Python prints them. What is only text and `{{ dotted.path }}` is
 * answered here, everything else by the expressions service. This folder knows no rule and no execution, and reads nothing
 * but its arguments and the datastore keys that a template names.
 */
export interface ExpressionRenderer {
  /** The text of a template; at once where no Python is needed. Fails with a `StormletError` `expression/…`. */
  render(template: string, context: JsonObject): string | Promise<string>;
  /** The names that a template reads from its context. A list or map is looked through as a whole. */
  variables(template: Json): readonly string[] | Promise<readonly string[]>;
}

export type ExpressionsDeps = { readonly service: ExpressionRenderer; readonly datastore: DatastoreReader };

const MAX_PARSED = 2000;

export class Expressions implements ExpressionRenderer {
  readonly #deps: ExpressionsDeps;
  readonly #parsed = new Map<string, PlainTemplate | null>();

  constructor(deps: ExpressionsDeps) {
    this.#deps = deps;
  }

  render(template: string, context: JsonObject): string | Promise<string> {
    const plain = this.#parse(template);
    const text = plain && printPlainTemplate(plain, context, this.#deps.datastore);
    return text ?? this.#deps.service.render(template, context);
  }

  variables(template: Json): readonly string[] | Promise<readonly string[]> {
    const plain = this.#parse(typeof template === 'string' ? template : JSON.stringify(template));
    return plain ? variablesOf(plain) : this.#deps.service.variables(template);
  }

  #parse(template: string): PlainTemplate | null {
    const known = this.#parsed.get(template);
    if (known !== undefined) return known;
    const parsed = parsePlainTemplate(template) ?? null;
    // Templates come from files, so there are few; those made up at run time must not pile up.
    if (this.#parsed.size >= MAX_PARSED) this.#parsed.clear();
    this.#parsed.set(template, parsed);
    return parsed;
  }
}

/*
 * An old Electron's Node has not learned these yet. Only for the smoke of the shell on such a one; imported before all else.
 */
type Loose = Record<PropertyKey, unknown>;

define(Symbol as unknown as Loose, 'dispose', Symbol('Symbol.dispose'));
define(Symbol as unknown as Loose, 'asyncDispose', Symbol('Symbol.asyncDispose'));
define(URL as unknown as Loose, 'parse', (text: string) => {
  try {
    return new URL(text);
  } catch {
    return null;
  }
});
define(
  Array.prototype as unknown as Loose,
  'toSorted',
  function (this: unknown[], order?: (a: never, b: never) => number) {
    return [...this].sort(order as never);
  },
);
define(Promise as unknown as Loose, 'withResolvers', () => {
  let resolve: unknown;
  let reject: unknown;
  const promise = new Promise((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
});
define(
  globalThis as unknown as Loose,
  'Response',
  class {
    readonly body: unknown;
    readonly status: number;
    readonly headers: Record<string, string>;
    constructor(body: unknown, options: { status?: number; headers?: Record<string, string> } = {}) {
      this.body = body;
      this.status = options.status ?? 200;
      this.headers = options.headers ?? {};
    }
  },
);

function define(owner: Loose, name: string, value: unknown): void {
  if (!(name in owner)) Object.defineProperty(owner, name, { value, configurable: true, writable: true });
}

/**
 * Part of the build. Node's `http` also leads to its WebSocket and with it to all of undici, which is loaded as soon as one
 * asks for it, and an `import` asks for everything that a module exports. That takes a twentieth of the app's start, and
 * nothing here uses it; a look at the module's own object does not ask.
 * @returns {{ name: string, renderChunk(code: string): string }}
 */
export function leanHttp() {
  return { name: 'lean-http', renderChunk: (code) => code.replace(IMPORT, (_, whole, names) => asLooks(whole, names)) };
}

const IMPORT = /^import (?:(\w+)(?:, )?)?(?:\{([^}]*)\} )? ?from "(?:node:)?http";$/gm;

/** @param {string | undefined} whole @param {string | undefined} names */
function asLooks(whole, names) {
  const module = 'process.getBuiltinModule("node:http")';
  const looks = names === undefined ? [] : [`const {${names.replaceAll(' as ', ': ')}} = ${module};`];
  return [...(whole === undefined ? [] : [`const ${whole} = ${module};`]), ...looks].join(' ');
}

import { createServer, STATUS_CODES } from 'node:http';
import { expect, test } from 'vitest';
import { leanHttp } from '../../main/launch/lean-http.mjs';

const { renderChunk } = leanHttp();

test.each([
  'import http from "node:http";',
  'import { createServer } from "http";',
  'import whole, { createServer, STATUS_CODES as codes } from "node:http";',
])('`%s` becomes a look at the module itself', (line) => {
  const code = renderChunk(`import "node:fs";\n${line}\nrun();`);
  expect(code).toMatch(/^import "node:fs";\nconst .*process\.getBuiltinModule\("node:http"\).*;\nrun\(\);$/);
  expect(code).not.toContain('import http');
});

test('what it looks at is the same', () => {
  const code = renderChunk('import http, { createServer, STATUS_CODES as codes } from "node:http";');
  const found = new Function(`${code} return [http.createServer, createServer, codes];`)();
  expect(found).toEqual([createServer, createServer, STATUS_CODES]);
});

test('anything else stays', () => {
  const code = 'import https from "node:https";\nconst text = `import http from "node:http"`;';
  expect(renderChunk(code)).toBe(code);
});

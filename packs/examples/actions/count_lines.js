import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** Parameters and a context in, the result out; what is thrown fails the action. No pack of Node's is needed for it. */
export default async function countLines({ path }, { log }) {
  let lines = 0;
  let words = 0;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    lines += 1;
    words += line.split(/\s+/).filter(Boolean).length;
  }
  log.info(`counted ${path}`);
  return { lines, words };
}

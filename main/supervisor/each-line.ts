import type { Readable } from 'node:stream';

/**
 * Calls back with each line of a stream, without its end. Pieces are joined only at a newline, since a line of megabytes
 * must not be copied with each piece of it; one that grows beyond `maxLength` is given out in parts.
 */
export function eachLine(stream: Readable, onLine: (line: string) => void, maxLength = Number.POSITIVE_INFINITY): void {
  let pieces: string[] = [];
  let size = 0;
  let isCut = false;
  const give = () => {
    onLine(pieces.join('').replace(/\r$/, ''));
    pieces = [];
    size = 0;
  };
  const add = (piece: string) => {
    for (let at = 0; at < piece.length; ) {
      const part = piece.slice(at, at + maxLength - size);
      pieces.push(part);
      size += part.length;
      at += part.length;
      if (size < maxLength) continue;
      give();
      isCut = true;
    }
  };
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = text.split('\n');
    const rest = lines.pop() ?? '';
    for (const line of lines) {
      add(line);
      if (size > 0 || !isCut) give();
      isCut = false;
    }
    add(rest);
  });
  stream.on('end', () => {
    if (size > 0) give();
  });
  // Closed on purpose, or with its program: how that ended says more.
  stream.on('error', () => {});
}

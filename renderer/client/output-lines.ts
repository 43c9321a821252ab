import type { OutputChunk, OutputStream } from '../../main/contract/executions.ts';

/** `open`: the line has no end yet, and what the same stream prints next belongs to it. */
export type OutputLine = {
  readonly key: number;
  readonly stream: OutputStream;
  readonly text: string;
  readonly open: boolean;
};

const MOST_LINES = 2_000;

/** Chunks end anywhere; this puts them together as lines, keeping the two streams apart. A `\r` starts its line over. */
export function appendOutput(lines: readonly OutputLine[], chunks: readonly OutputChunk[]): readonly OutputLine[] {
  const next = [...lines];
  for (const chunk of chunks) {
    const pieces = chunk.text.split(/(?<=\n)/);
    for (const piece of pieces) if (piece !== '') appendPiece(next, chunk.stream, piece);
  }
  return next.slice(-MOST_LINES);
}

function appendPiece(lines: OutputLine[], stream: OutputStream, piece: string): void {
  const open = !piece.endsWith('\n');
  const index = lines.findLastIndex((line) => line.stream === stream && line.open);
  const before = lines[index];
  const text = lastRewrite(`${before?.text ?? ''}${piece}`.replace(/\r?\n$/, ''), open);
  if (before) lines[index] = { ...before, text, open };
  else lines.push({ key: (lines.at(-1)?.key ?? -1) + 1, stream, text, open });
}

/** A trailing `\r` of an open line stays: the text after it decides whether it was half of a line end. */
function lastRewrite(text: string, open: boolean): string {
  const kept = open && text.endsWith('\r') ? text.slice(0, -1) : text;
  const rewritten = kept.slice(kept.lastIndexOf('\r') + 1);
  return kept === text ? rewritten : `${rewritten}\r`;
}

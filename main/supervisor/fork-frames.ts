/**
 * The channel between the app and a fork server: frames of a length (4 bytes), a kind (1), a job's number (4) and a payload.
 * What each kind means stands in `main/python/stormlet/protocol.py`.
 */
export type Frame = { readonly kind: FrameKind; readonly number: number; readonly payload: Buffer };

const KINDS = ['ready', 'unsuitable', 'accepted', 'started', 'refused', 'stdout', 'stderr', 'ended'] as const;
export type FrameKind = (typeof KINDS)[number];

const LETTERS: Readonly<Record<string, FrameKind>> = {
  y: 'ready',
  b: 'unsuitable',
  a: 'accepted',
  s: 'started',
  n: 'refused',
  o: 'stdout',
  e: 'stderr',
  x: 'ended',
};
const HEADER = 9;

export function encodeFrame(letter: 'h' | 'r' | 'k', number: number, payload: string | Buffer): Buffer {
  const size = Buffer.byteLength(payload);
  const frame = Buffer.allocUnsafe(HEADER + size);
  frame.writeUInt32BE(size, 0);
  frame.write(letter, 4, 'latin1');
  frame.writeUInt32BE(number, 5);
  if (typeof payload === 'string') frame.write(payload, HEADER);
  else payload.copy(frame, HEADER);
  return frame;
}

/** Cuts what arrives into frames, however it comes in pieces. */
export class FrameReader {
  readonly #onFrame: (frame: Frame) => void;
  #pieces: Buffer[] = [];
  #size = 0;
  /** Bytes that have to be there before it is worth joining the pieces. */
  #wanted = HEADER;

  constructor(onFrame: (frame: Frame) => void) {
    this.#onFrame = onFrame;
  }

  add(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#size += piece.length;
    if (this.#size < this.#wanted) return;
    const data = this.#pieces.length === 1 ? piece : Buffer.concat(this.#pieces);
    let at = 0;
    let end = frameEnd(data, at);
    for (; data.length >= end; end = frameEnd(data, at)) {
      const kind = LETTERS[data.toString('latin1', at + 4, at + 5)];
      const frame = { number: data.readUInt32BE(at + 5), payload: data.subarray(at + HEADER, end) };
      at = end;
      if (kind) this.#onFrame({ kind, ...frame });
    }
    this.#pieces = at < data.length ? [data.subarray(at)] : [];
    this.#size = data.length - at;
    this.#wanted = end - at;
  }
}

/** Where the frame that begins at `at` ends, as far as that can be told. */
function frameEnd(data: Buffer, at: number): number {
  return data.length - at >= HEADER ? at + HEADER + data.readUInt32BE(at) : at + HEADER;
}

/** One entry of an archive, whatever its format, before anybody decided whether it may be written. */
export type ArchiveEntry = {
  /** As the archive has it, with `/` between folders. */
  readonly name: string;
  /** `special`: a device, a pipe, a socket, or what only a newer tool would know. */
  readonly kind: 'file' | 'folder' | 'symlink' | 'hardlink' | 'special';
  /** Bytes, unpacked. The readers end with an error when there are more or fewer. */
  readonly size: number;
  readonly isExecutable: boolean;
  /** What a link leads to: from its own folder for `symlink`, from the archive's top for `hardlink`. */
  readonly target: string;
  /** The content, of files only. It must be read before the next entry is asked for. */
  content(): AsyncIterable<Uint8Array> | Promise<AsyncIterable<Uint8Array>>;
};

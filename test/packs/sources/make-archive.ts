import { execa } from 'execa';

/** `target` makes a link of it; `kind` says which, or makes a device of it. `bytes` stands for that many zeros. */
export type PackedEntry = {
  readonly name: string;
  readonly text?: string;
  readonly bytes?: number;
  readonly mode?: number;
  readonly kind?: 'symlink' | 'hardlink' | 'device' | 'folder';
  readonly target?: string;
};

/** Writes an archive with just these entries by Python's own libraries, which let an author do wrong things too. */
export async function makeArchive(file: string, entries: readonly PackedEntry[]): Promise<string> {
  await execa('python3', ['-c', MAKE, file], { input: JSON.stringify(entries) });
  return file;
}

const MAKE = `
import io, json, sys, tarfile, zipfile
file, entries = sys.argv[1], json.load(sys.stdin)
def content(entry):
    return b"\\0" * entry["bytes"] if "bytes" in entry else entry.get("text", "").encode()
if file.endswith(".zip"):
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in entries:
            info = zipfile.ZipInfo(entry["name"])
            info.create_system = 3
            info.compress_type = zipfile.ZIP_DEFLATED
            kinds = {"symlink": 0o120000, "device": 0o060000, "folder": 0o040000}
            info.external_attr = (kinds.get(entry.get("kind"), 0o100000) | entry.get("mode", 0o644)) << 16
            archive.writestr(info, entry["target"] if "target" in entry else content(entry))
else:
    with tarfile.open(file, "w" if file.endswith(".tar") else "w:gz") as archive:
        for entry in entries:
            info = tarfile.TarInfo(entry["name"])
            types = {"symlink": tarfile.SYMTYPE, "hardlink": tarfile.LNKTYPE, "device": tarfile.BLKTYPE, "folder": tarfile.DIRTYPE}
            info.type = types.get(entry.get("kind"), tarfile.REGTYPE)
            info.mode = entry.get("mode", 0o644)
            info.linkname = entry.get("target", "")
            data = content(entry) if info.type == tarfile.REGTYPE else b""
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
`;

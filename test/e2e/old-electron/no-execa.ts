/** The library that starts programs needs a newer Node; on an old Electron only Electron itself starts processes. */
export function execa(): never {
  throw new Error('this Node is too old to start programs');
}

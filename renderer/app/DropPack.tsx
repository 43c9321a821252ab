import { useEffect, useState } from 'react';
import { useEngine } from '../client/EngineProvider.tsx';

/** Takes a pack's folder or archive that is dropped on the window; the app asks before it installs anything. */
export function DropPack() {
  const { connection } = useEngine();
  const isOver = useFileDrop(connection.drop);
  if (!isOver) return null;
  return (
    <div className="drop-pack" role="status">
      <p>Drop a pack’s folder or archive to install it</p>
    </div>
  );
}

/** Whether files are held over the window. In a browser nothing is taken, as a page there does not learn where they lie. */
function useFileDrop(drop: ((files: File[]) => void) | undefined): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    if (!drop) return undefined;
    const onOver = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
      setOver(true);
    };
    // It leaves the window itself and not one element for another.
    const onLeave = (event: DragEvent) => event.relatedTarget === null && setOver(false);
    const onDrop = (event: DragEvent) => {
      setOver(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      drop(files);
    };
    window.addEventListener('dragover', onOver);
    window.addEventListener('dragleave', onLeave);
    window.addEventListener('drop', onDrop);
    return () => {
      window.removeEventListener('dragover', onOver);
      window.removeEventListener('dragleave', onLeave);
      window.removeEventListener('drop', onDrop);
    };
  }, [drop]);
  return isOver;
}

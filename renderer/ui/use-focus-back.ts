import { useEffect, useState } from 'react';

/** For what is there only while it is open: the focus goes back to where it was, for whoever works by keyboard. */
export function useFocusBack(): void {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    },
    [before],
  );
}

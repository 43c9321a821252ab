import { useRouterState } from '@tanstack/react-router';
import { type RefObject, useEffect, useRef } from 'react';

/** A link that led elsewhere may be gone with its page, and the focus with it: then what was led to has it. */
export function useFocusOnPage(main: RefObject<HTMLElement | null>): void {
  const pathname = useRouterState({ select: ({ resolvedLocation }) => resolvedLocation?.pathname });
  const before = useRef<string>(undefined);
  useEffect(() => {
    const hasLed = before.current !== undefined && before.current !== pathname;
    before.current = pathname;
    if (hasLed && document.activeElement === document.body) main.current?.focus({ preventScroll: true });
  }, [pathname, main]);
}

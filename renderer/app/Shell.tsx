import { Outlet } from '@tanstack/react-router';
import { useRef } from 'react';
import { useEngine } from '../client/EngineProvider.tsx';
import { Banners } from './Banners.tsx';
import { CommandPalette } from './CommandPalette.tsx';
import { DropPack } from './DropPack.tsx';
import { NoticeToasts } from './NoticeToasts.tsx';
import { Rail } from './Rail.tsx';
import { SignedOutNote } from './SignedOut.tsx';
import { useFocusOnPage } from './use-focus-on-page.ts';

export function Shell() {
  const { state } = useEngine();
  const main = useRef<HTMLElement>(null);
  useFocusOnPage(main);
  if (state === 'refused') return <SignedOutNote />;
  return (
    <div className="frame">
      <button type="button" className="skip" onClick={() => main.current?.focus()}>
        Skip to the page
      </button>
      <Rail />
      <main ref={main} className="main" tabIndex={-1}>
        <Banners />
        <div className="page-scroll">
          <Outlet />
        </div>
      </main>
      <CommandPalette />
      <NoticeToasts />
      <DropPack />
    </div>
  );
}

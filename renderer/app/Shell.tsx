import { Outlet } from '@tanstack/react-router';
import { useEngine } from '../client/EngineProvider.tsx';
import { Banners } from './Banners.tsx';
import { CommandPalette } from './CommandPalette.tsx';
import { DropPack } from './DropPack.tsx';
import { NoticeToasts } from './NoticeToasts.tsx';
import { Rail } from './Rail.tsx';
import { SignedOutNote } from './SignedOut.tsx';

export function Shell() {
  const { state } = useEngine();
  if (state === 'refused') return <SignedOutNote />;
  return (
    <div className="frame">
      <Rail />
      <main className="main">
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

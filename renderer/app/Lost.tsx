import { IconCompass } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { Empty } from '../ui/Empty.tsx';
import { FaultNote } from '../ui/FaultNote.tsx';

/** An address that leads nowhere, or a page that broke. */
export function Lost({ error }: { error?: unknown }) {
  return (
    <div className="page">
      <Empty
        isWholePage
        icon={<IconCompass size={28} />}
        title={error !== undefined ? 'This page could not be shown' : 'There is nothing at this address'}
        action={<Link to="/">Go to the home page</Link>}
      >
        {error !== undefined
          ? 'Something in the window went wrong. What it said is below.'
          : 'It may have been removed since.'}
      </Empty>
      {error !== undefined && <FaultNote error={error} />}
    </div>
  );
}

import '@mantine/core/styles.css';
import '../styles/base.css';
import '../styles/frame.css';
import { Button, MantineProvider } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { cssVariables, theme } from '../styles/theme.ts';
import { Empty } from '../ui/Empty.tsx';

/** A browser that came without a good token, or whose session has ended. */
export function SignedOut() {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <SignedOutNote />
    </MantineProvider>
  );
}

export function SignedOutNote() {
  return (
    <main className="signed-out">
      <Empty
        isWholePage
        icon={<IconKey size={28} />}
        title="Open the address that Stormlet printed"
        action={
          <Button variant="default" onClick={() => window.location.reload()}>
            Try again
          </Button>
        }
      >
        This browser has no session with Stormlet. The terminal in which it was started shows an address that ends in{' '}
        <code className="literal">#token=…</code>; it is a new one after each start.
      </Empty>
    </main>
  );
}

import { Button } from '@mantine/core';
import { IconTimeline } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';

/** Leads to the whole that an event or execution is a part of. */
export function TraceLink({ id }: { id: string }) {
  return (
    <Button
      variant="default"
      leftSection={<IconTimeline size={14} />}
      renderRoot={(props) => <Link to="/history/trace/$id" params={{ id }} {...props} />}
    >
      Trace
    </Button>
  );
}

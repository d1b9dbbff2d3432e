import { useEffect, useState } from 'react';
import { client } from '#dashboard/graph/client.ts';
import { invalidate } from '#dashboard/graph/query.ts';
import type { ReportState } from '#gateway/client/index.js';

/**
 * Returns the latest state of a report that is being made, as the API streams it; undefined before, and once it is finished: then the
 * report is asked again. A stream that breaks is opened again by the client.
 */
export function useReportEvents(id: string, isFollowed: boolean): ReportState | undefined {
  const [state, setState] = useState<ReportState>();
  useEffect(() => {
    if (!isFollowed) return;
    const stop = new AbortController();
    const follow = async () => {
      for await (const next of client.reportEvents(id, { signal: stop.signal })) setState(next);
      await invalidate('ShowReport', 'ListReports', 'GetEntitlements');
      setState(undefined);
    };
    follow().catch(() => (stop.signal.aborted ? undefined : invalidate('ShowReport')));
    return () => {
      stop.abort();
      setState(undefined);
    };
  }, [id, isFollowed]);
  return state;
}

import { useCallback } from 'react';
import * as z from 'zod/mini';
import { useSearchOf } from './use-search.ts';

const schema = z.object({ search: z.catch(z.optional(z.string()), undefined) });

/** The text that a screen is searched for, as it stands in the address, and what changes it. */
export function useTextSearch() {
  const [{ search }, change] = useSearchOf(schema);
  const changeText = useCallback(
    (text: string | undefined) => void change({ search: text }, { replace: true }),
    [change],
  );
  return [search, changeText] as const;
}

import { useNavigate, useSearch } from '@tanstack/react-router';
import type * as z from 'zod/mini';
import { questionSchema } from './period.ts';

/**
 * Returns what the address asks, read by a schema, and what changes it. A value that is undefined leaves the address; by default
 * each change is a step back in the browser's history, with `replace` it is none: for text that is being typed.
 */
export function useSearchOf<Schema extends z.ZodMiniType<object>>(schema: Schema) {
  const search = useSearch({ strict: false });
  const navigate = useNavigate();
  const value = schema.parse(search) as z.output<Schema>;
  const change = (changes: Partial<z.output<Schema>>, { replace = false } = {}) =>
    navigate({
      to: '.',
      replace,
      search: (before: Record<string, unknown>) => ({ ...before, ...changes }),
    } as never);
  return [value, change] as const;
}

/** The period, comparison, currency and client that all screens of figures share. */
export const useQuestion = () => useSearchOf(questionSchema);

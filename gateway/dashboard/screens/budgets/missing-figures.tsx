import { Sources } from '#dashboard/kit/sources.tsx';
import type { Budget } from './target.ts';

/** The accounts whose figures are not complete, so that the pace of their budgets is not known. */
export function MissingFigures({ budgets }: { budgets: readonly Budget[] }) {
  const sources = new Map(
    budgets
      .flatMap((budget) => budget.sources)
      .filter(({ state }) => state === 'MISSING' || state === 'STALE')
      .map((source) => [source.account.id, source]),
  );
  return sources.size > 0 && <Sources sources={[...sources.values()]} />;
}

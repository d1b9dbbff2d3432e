import { useTranslations } from 'use-intl';

/** Holds the place of `lines` lines until they are there, so that nothing jumps. */
export function Skeleton({ lines = 3 }: { lines?: number }) {
  const t = useTranslations('app.states');
  const names = Array.from({ length: lines }, (_, index) => `line ${index}`);
  return (
    <div className="skeleton" role="status" aria-label={t('loading')}>
      {names.map((name) => (
        <span key={name} className="skeleton-line" />
      ))}
    </div>
  );
}

import { type ReactNode, useId } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '#dashboard/graph/query.ts';
import { useFigures } from './figures.ts';
import { Skeleton } from './skeleton.tsx';
import { Failed, Partial } from './states.tsx';

export interface PanelProps {
  title: string;
  /** For screen readers, where panels of a screen may have the same title. */
  name?: string;
  text?: ReactNode;
  /** Beside the title. */
  actions?: ReactNode;
  className?: string;
  children: ReactNode;
}

/** A titled part of a screen. */
export function Panel({ title, name, text, actions, className = '', children }: PanelProps) {
  const id = useId();
  return (
    <section className={`panel ${className}`} aria-label={name} aria-labelledby={name ? undefined : id}>
      <header className="panel-head">
        <div>
          <h2 id={id}>{title}</h2>
          {text && <p className="panel-text">{text}</p>}
        </div>
        {actions}
      </header>
      {children}
    </section>
  );
}

/** An answer in whichever state it is: what `useQuery(ask(…))` and `usePages` return. */
export interface LoadedQuery<Data> {
  data: Answer<Data> | undefined;
  error: Error | null;
  dataUpdatedAt: number;
  refetch: () => unknown;
}

export interface LoadedProps<Data> {
  query: LoadedQuery<Data>;
  /** Lines of the skeleton: about what will be there. */
  lines?: number;
  /** Called with the data, complete or with the parts that failed being null. */
  children: (data: Data) => ReactNode;
}

/**
 * Shows an answer in whichever state it is: loading, failed, partial, older than it should be because it could not be asked again,
 * or ready. While another question is loading, nothing of the last one is shown.
 */
export function Loaded<Data>({ query, lines, children }: LoadedProps<Data>) {
  const t = useTranslations('app.states');
  const { time } = useFigures();
  const { data: answer, error, dataUpdatedAt } = query;
  if (!answer)
    return error ? <Failed error={error} onRetry={() => void query.refetch()} /> : <Skeleton lines={lines} />;
  return (
    <>
      {error && <p className="stale">{t('stale', { time: time(new Date(dataUpdatedAt).toISOString()) })}</p>}
      <Partial messages={answer.errors.map(({ message }) => message)} />
      {children(answer.data)}
    </>
  );
}

import { CircleAlert, Inbox } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { describeError } from '#dashboard/graph/query.ts';
import { Button } from './button.tsx';

/** Says that there is nothing, and what to do next. */
export function Empty({ title, text, action }: { title?: string; text: ReactNode; action?: ReactNode }) {
  const t = useTranslations('app.states');
  return (
    <div className="state">
      <Inbox aria-hidden size={28} />
      <p className="state-title">{title ?? t('emptyTitle')}</p>
      <p className="state-text">{text}</p>
      {action}
    </div>
  );
}

/** Says what failed, offers to try again, and names the request for a support request. */
export function Failed({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const t = useTranslations('app');
  const { code, message, requestId } = describeError(error);
  return (
    <div className="state" role="alert">
      <CircleAlert aria-hidden size={28} />
      <p className="state-title">{t('states.failedTitle')}</p>
      <p className="state-text">{code === 'FORBIDDEN' ? t('states.forbidden') : message}</p>
      {onRetry && code !== 'FORBIDDEN' && <Button onClick={onRetry}>{t('retry')}</Button>}
      {requestId && <p className="state-reference">{t('states.requestId', { id: requestId })}</p>}
    </div>
  );
}

/** Says which part is missing while the rest is shown. */
export function Partial({ messages }: { messages: readonly string[] }) {
  const t = useTranslations('app.states');
  if (messages.length === 0) return null;
  return (
    <p className="partial" role="status">
      <CircleAlert aria-hidden size={16} />
      <span>{t('partial', { message: [...new Set(messages)].join(' ') })}</span>
    </p>
  );
}

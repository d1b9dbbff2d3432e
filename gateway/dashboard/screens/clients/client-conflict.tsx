import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { ask } from '#dashboard/graph/query.ts';
import { Button } from '#dashboard/kit/button.tsx';
import { useFigures } from '#dashboard/kit/figures.ts';
import { Loaded } from '#dashboard/kit/panel.tsx';
import { GetClient } from '#gateway/client/generated/connections.js';
import type { GetClientQuery } from '#gateway/client/generated/types.js';

type Theirs = NonNullable<GetClientQuery['client']>;

export interface ClientConflictProps {
  /** Absent = it was to be created, and its name is taken. */
  clientId: string | undefined;
  /** The version that was changed. */
  version: number;
  /** Why it was refused. */
  message: string;
  onTakeTheirs: (theirs: Theirs) => void;
  onKeepMine: (theirs: Theirs) => void;
}

/** What someone else made of a client meanwhile, beside one's own changes, which are kept in the form; or that its name is taken. */
export function ClientConflict(props: ClientConflictProps) {
  const { clientId, version, message, onTakeTheirs, onKeepMine } = props;
  const t = useTranslations('clients');
  const { time } = useFigures();
  const query = useQuery({ ...ask(GetClient, { id: clientId ?? '' }), enabled: clientId !== undefined, staleTime: 0 });
  const taken = (
    <p className="field-problem" role="alert">
      {message}
    </p>
  );
  if (clientId === undefined) return taken;
  return (
    <Loaded query={query} lines={3}>
      {({ client: theirs }) =>
        !theirs || theirs.version === version ? (
          taken
        ) : (
          <div className="note note-warning" role="alert">
            <p>
              <strong>{t('conflict', { time: time(theirs.updatedAt) })}</strong>
            </p>
            <dl className="conflict">
              <dt>{t('name')}</dt>
              <dd>
                <bdi>{theirs.name}</bdi>
              </dd>
              <dt>{t('accounts')}</dt>
              <dd>
                {theirs.accounts.map(({ id, name }) => (
                  <bdi key={id} className="badge">
                    {name}
                  </bdi>
                ))}
                {theirs.accounts.length === 0 && t('noAccounts')}
              </dd>
            </dl>
            <div className="row-actions">
              <Button onClick={() => onTakeTheirs(theirs)}>{t('takeTheirs')}</Button>
              <Button onClick={() => onKeepMine(theirs)}>{t('keepMine')}</Button>
            </div>
          </div>
        )
      }
    </Loaded>
  );
}

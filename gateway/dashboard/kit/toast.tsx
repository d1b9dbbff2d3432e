import { Toast } from '@base-ui/react/toast';
import { X } from 'lucide-react';
import { useTranslations } from 'use-intl';

const toasts = Toast.createToastManager();

export interface Notice {
  title: string;
  text?: string;
  /** `failed` is read out at once. */
  kind?: 'done' | 'failed';
  /** Takes back what was done. */
  undo?: { label: string; onUndo: () => void };
}

/** Shows a notice for a few seconds; with `undo` for ten. */
export function notify({ title, text, kind = 'done', undo }: Notice): void {
  const id = toasts.add({
    title,
    description: text,
    type: kind,
    priority: kind === 'failed' ? 'high' : 'low',
    timeout: undo ? 10_000 : 5_000,
    ...(undo && {
      actionProps: {
        children: undo.label,
        onClick: () => {
          undo.onUndo();
          toasts.close(id);
        },
      },
    }),
  });
}

function List() {
  const { toasts: shown } = Toast.useToastManager();
  const t = useTranslations('app');
  return shown.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className={`toast toast-${toast.type ?? 'done'}`}>
      <Toast.Content className="toast-content">
        <div>
          <Toast.Title className="toast-title" />
          <Toast.Description className="toast-text" />
        </div>
        {toast.actionProps && <Toast.Action className="button button-plain" />}
        <Toast.Close className="button button-quiet" aria-label={t('close')}>
          <X aria-hidden size={16} />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ));
}

/** Where notices appear; once, in the layout. */
export function Toasts() {
  return (
    <Toast.Provider toastManager={toasts}>
      <Toast.Portal>
        <Toast.Viewport className="toasts">
          <List />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

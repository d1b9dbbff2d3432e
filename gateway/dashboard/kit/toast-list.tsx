import { Toast } from '@base-ui/react/toast';
import { X } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslations } from 'use-intl';
import type { Notice } from './notice.ts';

const toasts = Toast.createToastManager();

function add({ title, text, kind = 'done', undo }: Notice): void {
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

/** Notices from before the list was there. */
const waiting: Notice[] = [];
let isThere = false;

/** Shows a notice, as soon as the list is there. */
export function show(notice: Notice): void {
  if (isThere) add(notice);
  else waiting.push(notice);
}

/** The notices that are shown. */
export function ToastList() {
  // After the effects of what is inside: the provider listens by then.
  useEffect(() => {
    isThere = true;
    for (const notice of waiting.splice(0)) add(notice);
    return () => {
      isThere = false;
    };
  }, []);
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

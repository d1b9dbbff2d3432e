import { lazy, Suspense, useSyncExternalStore } from 'react';
import type { Notice } from './notice.ts';

const load = () => import('./toast-list.tsx');
const ToastList = lazy(() => load().then((list) => ({ default: list.ToastList })));

const listeners = new Set<() => void>();
let isNeeded = false;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Shows a notice for a few seconds; with `undo` for ten. */
export function notify(notice: Notice): void {
  isNeeded = true;
  for (const listener of listeners) listener();
  void load().then(({ show }) => show(notice));
}

/** Where notices appear; once, in the layout. Loaded for the first of them. */
export function Toasts() {
  const isShown = useSyncExternalStore(subscribe, () => isNeeded);
  if (!isShown) return null;
  return (
    <Suspense>
      <ToastList />
    </Suspense>
  );
}

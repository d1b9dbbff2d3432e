import { type ComponentType, useEffect, useSyncExternalStore } from 'react';
import type { Notice } from './notice.ts';

const load = () => import('./toast-list.tsx');
/** So that a notice can be shown once the connection is lost. */
const LOADED_AFTER_MS = 3_000;

const listeners = new Set<() => void>();
let List: ComponentType | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Shows a notice for a few seconds; with `undo` for ten. Nothing where the list of notices cannot be loaded. */
export function notify(notice: Notice): void {
  load().then(
    ({ ToastList, show }) => {
      List = ToastList;
      for (const listener of listeners) listener();
      show(notice);
    },
    () => {},
  );
}

/** Where notices appear; once, in the layout. Loaded after the first view. */
export function Toasts() {
  const Shown = useSyncExternalStore(subscribe, () => List);
  useEffect(() => {
    const timer = setTimeout(() => void load().catch(() => {}), LOADED_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return Shown && <Shown />;
}

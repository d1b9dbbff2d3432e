import { type ComponentType, type ReactNode, useEffect, useEffectEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { notify } from './toast.tsx';

/** Returns what says in a notice that a part of the dashboard could not be loaded. */
export function useNotLoaded(): () => void {
  const t = useTranslations('app.states');
  return () => notify({ title: t('notLoadedTitle'), text: t('notLoadedText'), kind: 'failed' });
}

/**
 * Returns a component that is loaded when it is first shown, with `fallback` in its place until then. One that cannot be loaded is
 * closed again with a notice, and what was entered on the screen stays; it is loaded anew the next time.
 */
export function lazyPart<Props extends { onClose: () => void }>(
  load: () => Promise<ComponentType<Props>>,
  fallback: ReactNode = null,
): ComponentType<Props> {
  let Loaded: ComponentType<Props> | undefined;
  // biome-ignore lint/correctness/noComponentHookFactories: called once for a module, at its top level
  return function Part(props) {
    const [, setLoaded] = useState(Loaded !== undefined);
    const notLoaded = useNotLoaded();
    const fail = useEffectEvent(() => {
      notLoaded();
      props.onClose();
    });
    useEffect(() => {
      if (Loaded) return;
      load().then((loaded) => {
        Loaded = loaded;
        setLoaded(true);
      }, fail);
    }, []);
    return Loaded ? <Loaded {...props} /> : fallback;
  };
}

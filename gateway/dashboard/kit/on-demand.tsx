import { type ComponentType, type KeyboardEvent, useState } from 'react';
import { useNotLoaded } from './lazy-part.tsx';

/** What a trigger needs to load what it opens. */
export interface TriggerProps {
  onPointerEnter: () => void;
  onFocus: () => void;
  onClick: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
}

const OPENING_KEYS = ['ArrowDown', 'ArrowUp'];

/**
 * Returns a component that shows `Closed`, a trigger, and in its place what `load` brings once it is opened: a first view then loads
 * none of it. It is fetched as soon as the pointer or the focus comes near, and must show itself open, with the focus.
 */
export function onDemand<Props extends object>(
  Closed: ComponentType<Props & { trigger: TriggerProps }>,
  load: () => Promise<ComponentType<Props>>,
): ComponentType<Props> {
  return function OnDemand(props) {
    const notLoaded = useNotLoaded();
    const [Opened, setOpened] = useState<ComponentType<Props>>();
    if (Opened) return <Opened {...props} />;
    const prepare = () => void load().catch(() => {});
    // The trigger stays: what was entered on the screen is worth more than what it would have opened.
    const open = () => void load().then((part) => setOpened(() => part), notLoaded);
    const trigger: TriggerProps = {
      onPointerEnter: prepare,
      onFocus: prepare,
      onClick: open,
      onKeyDown: (event) => {
        if (!OPENING_KEYS.includes(event.key)) return;
        event.preventDefault();
        open();
      },
    };
    return <Closed {...props} trigger={trigger} />;
  };
}

import { Menu } from '@base-ui/react/menu';
import { Ellipsis } from 'lucide-react';

export interface RowAction {
  label: string;
  onChoose: () => void;
  isDanger?: boolean;
}

/** What can be done with a row, in a menu; `label` names the row for screen readers. Nothing without actions. */
export function RowMenu({ label, actions }: { label: string; actions: readonly RowAction[] }) {
  if (actions.length === 0) return null;
  return (
    <Menu.Root>
      <Menu.Trigger className="button button-quiet row-menu" aria-label={label}>
        <Ellipsis aria-hidden size={18} />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="layer" sideOffset={4} align="end">
          <Menu.Popup className="popup menu">
            {actions.map(({ label: action, isDanger, onChoose }) => (
              <Menu.Item key={action} className={isDanger ? 'menu-item bad' : 'menu-item'} onClick={onChoose}>
                {action}
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

import { Menu } from '@base-ui/react/menu';
import { Check, Columns3 } from 'lucide-react';
import { useTranslations } from 'use-intl';

export interface ColumnPickerProps<Key extends string> {
  columns: readonly { key: Key; label: string }[];
  shown: readonly Key[];
  /** Called with what is to be shown, in the order of `columns`. */
  onChange: (shown: Key[]) => void;
}

/** Chooses the columns of a table. One is always left. */
export function ColumnPicker<Key extends string>({ columns, shown, onChange }: ColumnPickerProps<Key>) {
  const t = useTranslations('app.table');
  const toggle = (key: Key, isShown: boolean) => {
    const next = columns.map((column) => column.key).filter((each) => (each === key ? isShown : shown.includes(each)));
    if (next.length > 0) onChange(next);
  };
  return (
    <Menu.Root>
      <Menu.Trigger className="button button-plain">
        <Columns3 aria-hidden size={16} />
        <span>{t('columns')}</span>
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="layer" sideOffset={4} align="end">
          <Menu.Popup className="popup menu">
            {columns.map(({ key, label }) => (
              <Menu.CheckboxItem
                key={key}
                className="menu-item"
                checked={shown.includes(key)}
                onCheckedChange={(isShown) => toggle(key, isShown)}
              >
                {label}
                <Menu.CheckboxItemIndicator className="menu-mark">
                  <Check aria-hidden size={16} />
                </Menu.CheckboxItemIndicator>
              </Menu.CheckboxItem>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

import { Select as BaseSelect } from '@base-ui/react/select';
import { Check, ChevronDown } from 'lucide-react';
import type { Option, SelectProps } from './option.ts';

/** A choice of one with its list, open at first. */
export function SelectList(props: SelectProps<string>) {
  const { label, isLabelHidden = false, value, options, onChange, className = '' } = props;
  return (
    <div className={`field ${className}`}>
      <BaseSelect.Root
        defaultOpen
        items={options as Option<string>[]}
        value={value}
        onValueChange={(next) => next !== null && onChange(next)}
      >
        <BaseSelect.Label className={isLabelHidden ? 'visually-hidden' : 'field-label'}>{label}</BaseSelect.Label>
        <BaseSelect.Trigger className="input select">
          <BaseSelect.Value />
          <ChevronDown aria-hidden size={16} />
        </BaseSelect.Trigger>
        <BaseSelect.Portal>
          <BaseSelect.Positioner className="layer" sideOffset={4} alignItemWithTrigger={false}>
            <BaseSelect.Popup className="popup menu">
              <BaseSelect.List>
                {options.map((option) => (
                  <BaseSelect.Item key={option.value} value={option.value} className="menu-item">
                    <BaseSelect.ItemText>{option.label}</BaseSelect.ItemText>
                    <BaseSelect.ItemIndicator className="menu-mark">
                      <Check aria-hidden size={16} />
                    </BaseSelect.ItemIndicator>
                  </BaseSelect.Item>
                ))}
              </BaseSelect.List>
            </BaseSelect.Popup>
          </BaseSelect.Positioner>
        </BaseSelect.Portal>
      </BaseSelect.Root>
    </div>
  );
}

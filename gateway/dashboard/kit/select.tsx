import { Select as BaseSelect } from '@base-ui/react/select';
import { Check, ChevronDown } from 'lucide-react';

export interface Option<Value extends string> {
  value: Value;
  label: string;
}

export interface SelectProps<Value extends string> {
  label: string;
  /** Whether the label is for screen readers only. */
  isLabelHidden?: boolean;
  value: Value;
  options: readonly Option<Value>[];
  onChange: (value: Value) => void;
  className?: string;
}

/** A choice of one. */
export function Select<Value extends string>(props: SelectProps<Value>) {
  const { label, isLabelHidden = false, value, options, onChange, className = '' } = props;
  return (
    <div className={`field ${className}`}>
      <BaseSelect.Root
        items={options as Option<Value>[]}
        value={value}
        onValueChange={(next) => next !== null && onChange(next as Value)}
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

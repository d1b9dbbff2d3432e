import { ChevronDown } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { onDemand, type TriggerProps } from './on-demand.tsx';
import type { SelectProps } from './option.ts';

export type { Option, SelectProps } from './option.ts';

function ClosedSelect({ trigger, ...props }: SelectProps<string> & { trigger: TriggerProps }) {
  const { label, isLabelHidden = false, value, options, className = '' } = props;
  const id = useId();
  return (
    <div className={`field ${className}`}>
      <div id={id} className={isLabelHidden ? 'visually-hidden' : 'field-label'}>
        {label}
      </div>
      <button
        type="button"
        role="combobox"
        aria-haspopup="listbox"
        aria-expanded={false}
        aria-labelledby={id}
        className="input select"
        {...trigger}
      >
        <span>{options.find((option) => option.value === value)?.label ?? value}</span>
        <ChevronDown aria-hidden size={16} />
      </button>
    </div>
  );
}

/** A choice of one. Its list is loaded when it is opened. */
export const Select = onDemand(ClosedSelect, () => import('./select-list.tsx').then((list) => list.SelectList)) as <
  Value extends string,
>(
  props: SelectProps<Value>,
) => ReactNode;

import { Field as BaseField } from '@base-ui/react/field';
import type { InputHTMLAttributes, ReactNode, Ref } from 'react';

export interface FieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'defaultValue' | 'value'> {
  label: string;
  hint?: ReactNode;
  /** Why it is refused; shown at the field and read with it. */
  problem?: string;
  value?: string;
  defaultValue?: string;
  ref?: Ref<HTMLInputElement>;
}

/** A labelled text input, for `register` of react-hook-form or with a value of its own. */
export function Field({ label, hint, problem, ref, className = '', ...input }: FieldProps) {
  return (
    <BaseField.Root className={`field ${className}`} invalid={problem !== undefined}>
      <BaseField.Label className="field-label">{label}</BaseField.Label>
      <BaseField.Control ref={ref} className="input" dir="auto" {...input} />
      {hint && <BaseField.Description className="field-hint">{hint}</BaseField.Description>}
      {problem && (
        <BaseField.Error match className="field-problem">
          {problem}
        </BaseField.Error>
      )}
    </BaseField.Root>
  );
}

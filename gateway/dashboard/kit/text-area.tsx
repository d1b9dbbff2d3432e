import { Field as BaseField } from '@base-ui/react/field';
import type { TextareaHTMLAttributes } from 'react';

export interface TextAreaProps extends Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'defaultValue' | 'value'> {
  label: string;
  value: string;
}

/** A labelled input of several lines. */
export function TextArea({ label, ...input }: TextAreaProps) {
  return (
    <BaseField.Root className="field">
      <BaseField.Label className="field-label">{label}</BaseField.Label>
      <BaseField.Control className="input" render={<textarea dir="auto" rows={5} {...input} />} />
    </BaseField.Root>
  );
}

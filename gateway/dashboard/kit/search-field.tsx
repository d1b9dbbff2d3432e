import { useEffect, useState } from 'react';
import { Field } from './field.tsx';

export interface SearchFieldProps {
  label: string;
  placeholder?: string;
  /** What the address has; undefined = nothing. */
  value: string | undefined;
  /** Called once typing has paused; undefined = nothing is searched. */
  onChange: (value: string | undefined) => void;
}

const PAUSE_MS = 300;

/** A text to search for. The address follows when typing pauses, and the field follows the address. */
export function SearchField({ label, placeholder, value = '', onChange }: SearchFieldProps) {
  const [text, setText] = useState(value);
  const [known, setKnown] = useState(value);
  if (value !== known) {
    setKnown(value);
    if (value !== text.trim()) setText(value);
  }
  useEffect(() => {
    const wanted = text.trim();
    if (wanted === value) return;
    const timer = setTimeout(() => onChange(wanted === '' ? undefined : wanted), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, value, onChange]);
  return (
    <Field
      type="search"
      label={label}
      placeholder={placeholder}
      maxLength={200}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  );
}

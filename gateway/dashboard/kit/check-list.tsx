import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { Field } from './field.tsx';

export interface CheckListProps<Value extends string> {
  label: string;
  options: readonly { value: Value; label: string; hint?: string }[];
  chosen: readonly Value[];
  onChange: (chosen: Value[]) => void;
  problem?: string;
  /** Said where there is nothing to choose. */
  empty?: string;
}

/** More of them can be searched. */
const SEARCHED_FROM = 10;

/** A choice of any number. Many can be searched; those that are chosen stay in sight then. */
export function CheckList<Value extends string>(props: CheckListProps<Value>) {
  const { label, options, chosen, onChange, problem, empty } = props;
  const t = useTranslations('app');
  const [text, setText] = useState('');
  const words = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const shown = options.filter(({ value, label: name, hint = '' }) => {
    const searched = `${name} ${hint}`.toLocaleLowerCase();
    return chosen.includes(value) || words.every((word) => searched.includes(word));
  });
  const toggle = (value: Value) =>
    onChange(chosen.includes(value) ? chosen.filter((each) => each !== value) : [...chosen, value]);
  return (
    <fieldset className="check-list">
      <legend className="field-label">{label}</legend>
      {options.length === 0 && empty && <p className="faint">{empty}</p>}
      {options.length >= SEARCHED_FROM && (
        <Field label={t('search')} type="search" value={text} onChange={({ target }) => setText(target.value)} />
      )}
      <div className="check-list-options">
        {shown.map(({ value, label: name, hint }) => (
          <label key={value} className="check">
            <input type="checkbox" checked={chosen.includes(value)} onChange={() => toggle(value)} />
            <span>
              <bdi>{name}</bdi>
              {hint && <span className="field-hint"> {hint}</span>}
            </span>
          </label>
        ))}
      </div>
      {problem && <p className="field-problem">{problem}</p>}
    </fieldset>
  );
}

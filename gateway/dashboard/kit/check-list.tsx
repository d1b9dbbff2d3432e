export interface CheckListProps<Value extends string> {
  label: string;
  options: readonly { value: Value; label: string; hint?: string }[];
  chosen: readonly Value[];
  onChange: (chosen: Value[]) => void;
  problem?: string;
}

/** A choice of any number. */
export function CheckList<Value extends string>({ label, options, chosen, onChange, problem }: CheckListProps<Value>) {
  const toggle = (value: Value) =>
    onChange(chosen.includes(value) ? chosen.filter((each) => each !== value) : [...chosen, value]);
  return (
    <fieldset className="check-list">
      <legend className="field-label">{label}</legend>
      <div className="check-list-options">
        {options.map(({ value, label: name, hint }) => (
          <label key={value} className="check">
            <input type="checkbox" checked={chosen.includes(value)} onChange={() => toggle(value)} />
            <span>
              {name}
              {hint && <span className="field-hint"> {hint}</span>}
            </span>
          </label>
        ))}
      </div>
      {problem && <p className="field-problem">{problem}</p>}
    </fieldset>
  );
}

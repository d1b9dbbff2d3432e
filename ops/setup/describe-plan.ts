import type { Paint } from './colours.js';
import { maskValue } from './mask.js';
import type { Change, Plan } from './plan.js';

const MOST_SHOWN = 72;

function shown(name: string, value: string): string {
  const text = maskValue(name, value).replaceAll(/\s+/g, ' ');
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
}

function describe({ name, before, after, origin }: Change): string {
  if (after === undefined) return `(was ${shown(name, before ?? '')})`;
  if (origin === 'generated') return '(generated)';
  if (origin === 'adopted') return '(taken over from the data folder)';
  if (before === undefined) return shown(name, after);
  const [from, to] = [shown(name, before), shown(name, after)];
  return from === to ? `${to}, replaced` : `${from} → ${to}`;
}

/** Returns what a plan changes, a line for each variable, without secrets. */
export function describePlan({ changes, unchanged }: Plan, paint: Paint): string {
  const width = Math.max(0, ...changes.map(({ name }) => name.length));
  const lines = changes.map((change) => {
    const [sign, colour] =
      change.after === undefined
        ? (['-', 'red'] as const)
        : change.before === undefined
          ? (['+', 'green'] as const)
          : (['~', 'yellow'] as const);
    return `  ${paint(colour, sign)} ${change.name.padEnd(width)}  ${describe(change)}`;
  });
  if (unchanged > 0) lines.push(paint('dim', `  ${unchanged} ${unchanged === 1 ? 'stays' : 'stay'} as before`));
  return `${lines.join('\n')}\n`;
}

import { groupBy } from 'es-toolkit/array';
import { once } from 'es-toolkit/function';
import type { Context } from '#integrations/context.js';
import { addActions } from '#integrations/providers/add-metrics.js';
import type { ActionSums, FoundAction, FoundActions } from './found-performance.js';
import type { PerformanceQuestion } from './performance-question.js';
import { actionsStatement } from './performance-statement.js';

/** Where actions are counted: in a row, by its key, or in the total of a currency; in the range, or the days it is compared with. */
export interface ActionPlace {
  of: keyof FoundActions;
  key: string;
  isPrevious: boolean;
}

/** Returns the actions of a row or total; null where none is reported. */
export type ActionsAt = (place: ActionPlace) => Promise<ActionSums | null>;

const nameOf = ({ key, isPrevious }: Pick<FoundAction, 'key' | 'isPrevious'>) => `${isPrevious} ${key}`;

/** Campaigns of one objective with the same types of actions have the same type of result. */
function addUp({ providers }: Context, found: FoundAction[]): ActionSums {
  const groups = Object.values(
    groupBy(found, ({ providerId, objective, types }) => [providerId, objective, types].join('\n')),
  );
  const results = groups.flatMap((group): Record<string, string>[] => {
    const [first] = group;
    const resultOf = first && providers.find(first.providerId)?.history?.resultOf;
    const actions = Object.fromEntries(group.map(({ type, value }) => [type, value]));
    const result = resultOf?.(first?.objective ?? null, actions);
    return result ? [{ [result.type]: result.value }] : [];
  });
  return { actions: addActions(found.map(({ type, value }) => ({ [type]: value }))), results: addActions(results) };
}

/** Returns the actions of a question's rows and totals, which are read once, when the first is asked for. */
export function actionsOf(context: Context, question: () => Promise<PerformanceQuestion>): ActionsAt {
  const load = once(async () => {
    const { text, values } = actionsStatement(await question());
    const [found] = await context.laggingReads.query<[FoundActions]>(text, values);
    return { rows: groupBy(found.rows, nameOf), totals: groupBy(found.totals, nameOf) };
  });
  return async ({ of, ...place }) => {
    const found = (await load())[of][nameOf(place)];
    return found ? addUp(context, found) : null;
  };
}

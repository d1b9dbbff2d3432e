import DataLoader from 'dataloader';
import type { FoundOf, Product } from '../providers/products.js';
import type { Answer, Asking } from '../services/ask-provider.js';
import { groupBy } from './group-by.js';

/** Asks what stands behind one connection; answers in the order of the questions. */
export type Ask<Name extends Product> = (askings: Asking<Name>[]) => Promise<Answer<Name>[]>;

export type AnswerLoader<Name extends Product> = DataLoader<Asking<Name>, FoundOf<Name>, string>;

/** Two questions with the same name are one. */
export function nameOfQuestion<Name extends Product>({ account, ...asked }: Asking<Name>): string {
  return `${account.id} ${JSON.stringify(asked)}`;
}

/**
 * Loads what providers know. The questions of one operation to one connection are asked together, connections beside
 * each other; what fails for one question or connection leaves the others alone.
 */
export function answerByQuestion<Name extends Product>(ask: Ask<Name>): AnswerLoader<Name> {
  return new DataLoader<Asking<Name>, FoundOf<Name>, string>(
    async (askings) => {
      const answers = new Map<Asking<Name>, Answer<Name>>();
      const askGroup = async (group: Asking<Name>[]) => {
        const found = await ask(group).catch((error: Error) => group.map(() => error));
        for (const [place, asking] of group.entries()) answers.set(asking, found[place] as Answer<Name>);
      };
      const groups = groupBy(askings, ({ account }) => account.connectionId);
      await Promise.all([...groups.values()].map(askGroup));
      return askings.map((asking) => answers.get(asking) as Answer<Name>);
    },
    { cacheKeyFn: nameOfQuestion },
  );
}

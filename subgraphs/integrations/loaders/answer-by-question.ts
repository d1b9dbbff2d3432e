import DataLoader from 'dataloader';
import { groupBy } from '#integrations/group-by.js';
import type { FoundOf, Product } from '#integrations/providers/products.js';
import type { Asking } from '#integrations/services/ask/ask-provider.js';
import type { Known } from '#integrations/services/ask/remember-answers.js';

/** Asks what stands behind one connection; answers in the order of the questions. */
type Ask = <Name extends Product>(
  product: Name,
  askings: Asking<Name>[],
  connectionId: string,
) => Promise<(Known<FoundOf<Name>> | Error)[]>;

type AnswerLoader<Name extends Product> = DataLoader<Asking<Name>, Known<FoundOf<Name>>, string>;

export type AskProvider = <Name extends Product>(product: Name, asking: Asking<Name>) => Promise<Known<FoundOf<Name>>>;

/**
 * Loads what providers know of one product. The questions of one operation to one connection are asked together,
 * connections beside each other; what fails for one question or connection leaves the others alone. Equal questions are
 * one.
 */
function answerByQuestion<Name extends Product>(product: Name, ask: Ask): AnswerLoader<Name> {
  return new DataLoader<Asking<Name>, Known<FoundOf<Name>>, string>(
    async (askings) => {
      const answers = new Map<Asking<Name>, Known<FoundOf<Name>> | Error>();
      const askGroup = async ([connectionId, group]: [string, Asking<Name>[]]) => {
        const found = await ask(product, group, connectionId).catch((error: Error) => group.map(() => error));
        for (const [place, asking] of group.entries())
          answers.set(asking, found[place] as Known<FoundOf<Name>> | Error);
      };
      const groups = groupBy(askings, ({ account }) => account.connectionId);
      await Promise.all([...groups].map(askGroup));
      return askings.map((asking) => answers.get(asking) as Known<FoundOf<Name>> | Error);
    },
    { cacheKeyFn: ({ account, ...asked }) => `${account.id} ${JSON.stringify(asked)}` },
  );
}

/** Returns a way to ask for any product, with one loader for each. */
export function answersByProduct(ask: Ask): AskProvider {
  const loaders = new Map<Product, unknown>();
  return <Name extends Product>(product: Name, asking: Asking<Name>) => {
    const known = loaders.get(product) as AnswerLoader<Name> | undefined;
    const loader = known ?? answerByQuestion(product, ask);
    loaders.set(product, loader);
    return loader.load(asking);
  };
}

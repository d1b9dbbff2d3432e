import type { FoundOf, Product, ReaderQuestion, Rows } from '#integrations/providers/products.js';
import type { Provider } from '#integrations/providers/provider.js';

/** Asks a provider's reader, and returns the answers in the order of the questions. */
export async function askInOrder<Name extends Product>(
  provider: Provider,
  product: Name,
  accessToken: string,
  questions: ReaderQuestion<Name>[],
): Promise<(FoundOf<Name> | Error)[]> {
  const answers = await provider.readers[product]?.(accessToken, questions);
  if (!answers) throw new Error(`${provider.id} has no reader of ${product}`);
  return questions.map((question) => {
    const answer = answers.get(question);
    return answer === undefined ? new Error(`${provider.id} left out a question`) : answer;
  });
}

type RowOf<Name extends Product> = FoundOf<Name> extends Rows<infer Row> ? Row : never;

/** As `askInOrder`, with the rows of each answer. */
export async function askRowsInOrder<Name extends Product>(
  provider: Provider,
  product: Name,
  accessToken: string,
  questions: ReaderQuestion<Name>[],
): Promise<(RowOf<Name>[] | Error)[]> {
  const answers = await askInOrder(provider, product, accessToken, questions);
  return answers.map((answer) => (answer instanceof Error ? answer : (answer as Rows<RowOf<Name>>).rows));
}

import type { FoundOf, Product, ReaderQuestion } from '#integrations/providers/products.js';
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

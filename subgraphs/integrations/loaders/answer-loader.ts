import DataLoader from 'dataloader';
import { groupBy } from 'es-toolkit/array';
import type { Context } from '#integrations/context.js';
import type { FoundOf, Product } from '#integrations/providers/products.js';
import { answerQuestions } from '#integrations/services/ask/answer-questions.js';
import { type Answer, type AnswerLoader, parametersOf, type Question } from '#integrations/services/ask/question.js';
import { existing } from './own-row-by-id.js';

type ProductLoader<Name extends Product> = DataLoader<Question<Name>, Answer<FoundOf<Name>>, string>;

/** One call per connection, connections concurrently. */
function productLoader<Name extends Product>(context: Context): ProductLoader<Name> {
  return new DataLoader<Question<Name>, Answer<FoundOf<Name>>, string>(
    async (questions) => {
      const answers = new Map<Question<Name>, Answer<FoundOf<Name>> | Error>();
      const answerGroup = async ([connectionId, group]: [string, Question<Name>[]]) => {
        try {
          const connection = existing(await context.connectionById.load(connectionId), 'connection');
          const found = await answerQuestions(context, { connection, questions: group });
          for (const [question, answer] of found) answers.set(question, answer);
        } catch (error) {
          for (const question of group) answers.set(question, error as Error);
        }
      };
      await Promise.all(Object.entries(groupBy(questions, ({ account }) => account.connectionId)).map(answerGroup));
      return questions.map((question) => answers.get(question) ?? new Error('A question was left without an answer'));
    },
    { cacheKeyFn: (question) => `${question.account.id} ${parametersOf(question)}` },
  );
}

/** Returns the answer loader of one operation. */
export function answerLoader(context: Context): AnswerLoader {
  const { pendingAnswers, providers } = context;
  const loaders: { [Name in Product]?: ProductLoader<Name> } = {};
  return <Name extends Product>(question: Question<Name>) => {
    const { account, product } = question;
    const provider = providers.find(account.providerId);
    // A provider that is no longer configured is asked all the same, for its error.
    const isOffered = !provider || provider.readers[product] !== undefined;
    if (!account.isActive || !isOffered) return Promise.resolve(undefined);
    const known = loaders[product] as ProductLoader<Name> | undefined;
    const loader = known ?? productLoader<Name>(context);
    Object.assign(loaders, { [product]: loader });
    return pendingAnswers.add(account.connectionId, loader.load(question));
  };
}

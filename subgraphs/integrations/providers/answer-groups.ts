import { chunk, groupBy, mapAsync } from 'es-toolkit/array';
import type { Answers, ReaderQuestion } from './products.js';

/** Answers questions one by one. What `answer` throws answers its question. */
export async function answerEach<Asked, Found>(
  questions: Asked[],
  concurrency: number,
  answer: (question: Asked) => Promise<Found>,
): Promise<Answers<Asked, Found>> {
  const answers: Answers<Asked, Found> = new Map();
  const answerOne = async (question: Asked) => {
    answers.set(question, await answer(question).catch((error: Error) => error));
  };
  await mapAsync(questions, answerOne, { concurrency });
  return answers;
}

/** Answers groups of questions with one call each. What `answer` throws answers its whole group. */
export async function answerGroups<Asked, Found>(
  questions: Asked[],
  concurrency: number,
  groupOf: (question: Asked) => string,
  answer: (group: [Asked, ...Asked[]]) => Promise<Answers<Asked, Found>>,
): Promise<Answers<Asked, Found>> {
  const groups = Object.values(groupBy(questions, groupOf)) as [Asked, ...Asked[]][];
  const answered = await mapAsync(
    groups,
    (group) => answer(group).catch((error: Error) => answerAll(group, () => error)),
    {
      concurrency,
    },
  );
  return new Map(answered.flatMap((answers) => [...answers]));
}

/** Returns the answers derived from each question. */
export function answerAll<Asked, Found>(
  questions: readonly Asked[],
  answer: (question: Asked) => Found | Error,
): Answers<Asked, Found> {
  return new Map(questions.map((question) => [question, answer(question)]));
}

/** A question about the parts of one campaign over a range. */
type CampaignQuestion = ReaderQuestion<'campaignParts'>;

/** One kind of parts of campaigns of one account over one range. */
export interface CampaignsOfRange extends Omit<CampaignQuestion, 'campaignId'> {
  campaignIds: string[];
}

/** Groups questions by account, range and kind of parts, at most `most` campaigns each. */
export function groupByRange<Asked extends CampaignQuestion>(
  questions: Asked[],
  most: number,
): Map<CampaignsOfRange, Asked[]> {
  const groups = Object.values(
    groupBy(questions, ({ account, range, part }) => `${part} ${account.externalId} ${range.start} ${range.end}`),
  );
  const chunks = groups.flatMap((group) => {
    const byCampaign = Object.values(groupBy(group, ({ campaignId }) => campaignId));
    return chunk(byCampaign, most).map((some) => some.flat());
  });
  return new Map(
    chunks.map((some) => {
      const [{ account, range, part }] = some as [Asked, ...Asked[]];
      return [{ account, range, part, campaignIds: [...new Set(some.map(({ campaignId }) => campaignId))] }, some];
    }),
  );
}

/** Answers questions about parts with one call for many campaigns. What `answer` throws answers its whole group. */
export async function answerByCampaign<Asked extends CampaignQuestion, Found>(
  questions: Asked[],
  { concurrency, most }: { concurrency: number; most: number },
  answer: (group: CampaignsOfRange) => Promise<(campaignId: string) => Found>,
): Promise<Answers<Asked, Found>> {
  const groups = [...groupByRange(questions, most)];
  const answerOne = async ([group, asked]: [CampaignsOfRange, Asked[]]): Promise<Answers<Asked, Found>> => {
    const find = await answer(group).catch((error: Error) => error);
    return answerAll(asked, ({ campaignId }) => {
      if (find instanceof Error) return find;
      try {
        return find(campaignId);
      } catch (error) {
        return error as Error;
      }
    });
  };
  const answered = await mapAsync(groups, answerOne, { concurrency });
  return new Map(answered.flatMap((answers) => [...answers]));
}

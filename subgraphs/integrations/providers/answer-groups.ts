import { groupBy, mapAsync } from 'es-toolkit/array';
import type { Answers } from './products.js';

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

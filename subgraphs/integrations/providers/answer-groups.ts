import { groupBy } from '#integrations/group-by.js';
import { inParallel } from './in-parallel.js';
import type { Question } from './products.js';

/**
 * Answers questions that can be put together group by group, at most `limit` groups at a time. `answer` returns one
 * answer per question of its group; what it throws stands in the place of each of them.
 */
export async function answerGroups<Asked extends Question, Found>(
  questions: Asked[],
  limit: number,
  groupOf: (question: Asked) => string,
  answer: (group: Asked[]) => Promise<(Found | Error)[]>,
): Promise<(Found | Error)[]> {
  const answers = new Map<Asked, Found | Error>();
  await inParallel([...groupBy(questions, groupOf).values()], limit, async (group) => {
    const found = await answer(group).catch((error: Error) => group.map(() => error));
    for (const [place, question] of group.entries()) answers.set(question, found[place] as Found | Error);
  });
  return questions.map((question) => answers.get(question) as Found | Error);
}

import { inParallel } from './in-parallel.js';
import type { Question } from './products.js';

/** Answers each question by itself, at most `limit` at a time: what fails for one stands in its place. */
export function answerEach<Asked extends Question, Found>(
  questions: Asked[],
  limit: number,
  answer: (question: Asked) => Promise<Found>,
): Promise<(Found | Error)[]> {
  return inParallel(questions, limit, (question) => answer(question).catch((error: Error) => error));
}

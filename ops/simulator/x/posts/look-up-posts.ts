import { findXPost } from '#simulator/data/x-posts.js';
import type { Call } from '#simulator/x/call.js';
import { postFieldParameters, readPostFields } from '#simulator/x/fields.js';
import { ID, Parameters, readPathId } from '#simulator/x/parameters.js';
import { notFound } from '#simulator/x/problem.js';
import { answerPosts, bodyOf } from './answer-posts.js';

/** Answers GET /2/tweets: up to a hundred posts in the requested order. */
export function lookUpPosts(call: Call): Record<string, unknown> {
  const { request, world } = call;
  const parameters = new Parameters(request.query, ['ids', ...postFieldParameters(world)]);
  const ids = parameters.many('ids', ID);
  const selected = readPostFields(parameters, world);
  parameters.check();
  const found = ids.map((id) => findXPost(id, world.clock.nowMs()));
  const answer = answerPosts(
    found.flatMap((post) => post ?? []),
    selected,
    'ids',
    call,
  );
  const missing = ids.filter((_, n) => found[n] === undefined);
  const errors = missing.map((value) => notFound({ parameter: 'ids', value, type: 'tweet' }));
  return bodyOf({ ...answer, errors: [...errors, ...answer.errors] });
}

/** Answers GET /2/tweets/{id}. */
export function lookUpPost(call: Call): Record<string, unknown> {
  const { request, world } = call;
  const id = readPathId('id', call.placeholder);
  const parameters = new Parameters(request.query, postFieldParameters(world));
  const selected = readPostFields(parameters, world);
  parameters.check();
  const post = findXPost(id, world.clock.nowMs());
  if (!post) return bodyOf({ data: null, errors: [notFound({ parameter: 'id', value: id, type: 'tweet' })] });
  const answer = answerPosts([post], selected, 'id', call);
  return bodyOf({ ...answer, data: answer.data[0] ?? null });
}

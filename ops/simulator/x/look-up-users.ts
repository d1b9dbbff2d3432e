import { findXUser, findXUserByName, type XUser } from '#simulator/data/x-users.js';
import type { Call } from './call.js';
import { readUserFields, type SelectedFields, userFieldParameters } from './fields.js';
import { ID, Parameters, readPathId, USERNAME } from './parameters.js';
import { bodyOf } from './posts/answer-posts.js';
import { printUser } from './print-user.js';
import { invalidRequest, notFound } from './problem.js';

/** Answers GET /2/users/me. */
export function lookUpMe(call: Call): Record<string, unknown> {
  const selected = readOnlyFields(call);
  return bodyOf({ data: printUser(call.caller.user, selected, call.world.clock.nowMs()), errors: [] });
}

/** Answers GET /2/users. */
export function lookUpUsers(call: Call): Record<string, unknown> {
  return lookUpMany(call, 'ids', ID, findXUser);
}

/** Answers GET /2/users/by. */
export function lookUpUsersByName(call: Call): Record<string, unknown> {
  return lookUpMany(call, 'usernames', USERNAME, findXUserByName);
}

/** Answers GET /2/users/{id}. */
export function lookUpUser(call: Call): Record<string, unknown> {
  return lookUpOne(call, 'id', findXUser(readPathId('id', call.placeholder)));
}

/** Answers GET /2/users/by/username/{username}. */
export function lookUpUserByName(call: Call): Record<string, unknown> {
  const name = call.placeholder;
  if (USERNAME.test(name)) return lookUpOne(call, 'username', findXUserByName(name));
  throw invalidRequest([
    {
      parameters: { username: [name] },
      message: `The \`username\` query parameter value [${name}] does not match ^[A-Za-z0-9_]{1,15}$`,
    },
  ]);
}

function lookUpMany(
  { request, world }: Call,
  parameter: string,
  pattern: RegExp,
  find: (value: string) => XUser | undefined,
): Record<string, unknown> {
  const parameters = new Parameters(request.query, [parameter, ...userFieldParameters(world)]);
  const values = parameters.many(parameter, pattern);
  const selected = readUserFields(parameters, world);
  parameters.check();
  const data: unknown[] = [];
  const errors: unknown[] = [];
  for (const value of values) {
    const user = find(value);
    if (user) data.push(printUser(user, selected, world.clock.nowMs()));
    else errors.push(notFound({ parameter, value, type: 'user' }));
  }
  return bodyOf({ data, errors });
}

function lookUpOne(call: Call, parameter: string, user: XUser | undefined): Record<string, unknown> {
  const selected = readOnlyFields(call);
  const errors = user ? [] : [notFound({ parameter, value: call.placeholder, type: 'user' })];
  return bodyOf({ data: user ? printUser(user, selected, call.world.clock.nowMs()) : null, errors });
}

function readOnlyFields({ request, world }: Call): SelectedFields {
  const parameters = new Parameters(request.query, userFieldParameters(world));
  const selected = readUserFields(parameters, world);
  parameters.check();
  return selected;
}

import { AdminInputError, type AdminRequest } from './tools.js';

/** Returns the body as JSON; an empty one counts as `{}`. */
export function readJson(request: AdminRequest): unknown {
  if (request.body.trim() === '') return {};
  try {
    return JSON.parse(request.body);
  } catch {
    throw new AdminInputError('The body is not JSON');
  }
}

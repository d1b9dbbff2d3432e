import { formOf, type WireRequest } from '#simulator/wire.js';

/** Returns the fields of a call that deals in tokens: a form, or JSON, in which a widely used library sends them. */
export function tokenFields(request: WireRequest): URLSearchParams {
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) return formOf(request);
  try {
    const fields = Object.entries(JSON.parse(request.body) as Record<string, unknown>);
    return new URLSearchParams(fields.filter((field): field is [string, string] => typeof field[1] === 'string'));
  } catch {
    return new URLSearchParams();
  }
}

import type { WireRequest } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';
import { invalidParameter } from './linkedin-error.js';
import type { Caller } from './oauth/authenticate.js';
import type { RestliQuery } from './restli/query.js';

/** A call to a resource, past all the checks that every resource shares. */
export interface RestCall {
  request: WireRequest;
  world: World;
  caller: Caller;
  /** Parameters, wherever they stood. */
  query: RestliQuery;
  /** Path below /rest/, decoded. */
  segments: string[];
}

/** Throws LinkedIn's 400 when the call announces another kind of call than it is. */
export function checkKind({ request }: RestCall, kind: 'finder' | 'get' | 'batch_get'): void {
  const announced = request.headers['x-restli-method']?.toLowerCase();
  if (announced !== undefined && announced !== kind)
    throw invalidParameter('X-RestLi-Method', `This call is a ${kind}, not a ${announced}`);
}

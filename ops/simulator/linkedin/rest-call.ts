import type { WireRequest } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';
import { invalidParameter } from './linkedin-error.js';
import type { Caller } from './oauth/authenticate.js';
import type { RestliQuery } from './restli/query.js';

/** A call that passed the common checks. */
export interface RestCall {
  request: WireRequest;
  world: World;
  caller: Caller;
  /** From the URL or the tunnelled body. */
  query: RestliQuery;
  /** Path below /rest/, decoded. */
  segments: string[];
}

/** Throws 400 when X-RestLi-Method names another method. */
export function checkKind({ request }: RestCall, kind: 'finder' | 'get' | 'batch_get'): void {
  const announced = request.headers['x-restli-method']?.toLowerCase();
  if (announced !== undefined && announced !== kind)
    throw invalidParameter('X-RestLi-Method', `This call is a ${kind}, not a ${announced}`);
}

import type { XUser } from '#simulator/data/x-users.js';
import type { Grant, Token } from '#simulator/oauth/grants.js';
import type { WireRequest } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';

export interface Caller {
  token: Token;
  grant: Grant;
  /** Whose account it is. */
  user: XUser;
}

/** One call to an operation, by somebody who may make it. */
export interface Call {
  request: WireRequest;
  world: World;
  caller: Caller;
  /** What stands in the path where the operation has a placeholder. */
  placeholder: string;
}

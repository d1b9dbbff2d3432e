import type { XUser } from '../data/x-users.js';
import type { Grant, Token } from '../grants.js';
import type { WireRequest } from '../wire.js';
import type { World } from '../world.js';

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

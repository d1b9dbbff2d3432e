import type { XUser } from '#simulator/data/x-users.js';
import type { Grant, Token } from '#simulator/oauth/grants.js';
import type { WireRequest } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';

export interface Caller {
  token: Token;
  grant: Grant;
  user: XUser;
}

/** An authorized call to an operation. */
export interface Call {
  request: WireRequest;
  world: World;
  caller: Caller;
  placeholder: string;
}

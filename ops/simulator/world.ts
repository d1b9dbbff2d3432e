import type { Clock } from './clock.js';
import type { Grants } from './oauth/grants.js';
import type { OAuthClients } from './oauth/oauth-clients.js';
import type { Settings } from './settings.js';
import type { SimulatedStripe } from './stripe/simulated-stripe.js';
import type { Usage, Windows } from './usage.js';

/** State shared by all providers. */
export interface World {
  clock: Clock;
  grants: Grants;
  clients: OAuthClients;
  settings: Settings;
  minuteUsage: Usage;
  hourlyUsage: Usage;
  dailyUsage: Usage;
  xWindows: Windows;
  stripe: SimulatedStripe;
}

import type { Provider, ProviderAccount, ProviderDefinition } from '#integrations/providers/provider.js';
import { challengeOf } from '#integrations/services/connect/authorize-connection.js';
import { parseConfig } from '#runtime/config/config.js';
import { HttpClient } from '#runtime/http/http-client.js';
import { type SimulatedProviders, startSimulatedProviders } from './simulated-providers.js';

const VERIFIER = 'a-verifier-of-at-least-forty-three-characters';
const REDIRECT_URI = 'http://localhost:8080/oauth/some-provider/callback';

/** A provider on a simulator of its own, with a connected user. */
export interface ConnectedProvider {
  provider: Provider;
  simulator: SimulatedProviders;
  accessToken: string;
  /** The user's active accounts. */
  accounts: ProviderAccount[];
  close(): Promise<void>;
}

/** Connects Nora to a provider on 20 November 2026. */
export async function connectToSimulator(definition: ProviderDefinition): Promise<ConnectedProvider> {
  const now = () => new Date('2026-11-20T12:00:00Z');
  const http = new HttpClient();
  const simulator = await startSimulatedProviders(now);
  const config = parseConfig({ NODE_ENV: 'test' });
  const provider = definition.open({ config, http, simulatorUrl: simulator.url, now });
  if (!provider) throw new Error(`${definition.name} does not open on the simulator`);
  const consent = { redirectUri: REDIRECT_URI, state: 'the-state', codeChallenge: challengeOf(VERIFIER) };
  const { code = '' } = await simulator.decide(provider.authorizeUrl(consent), { person: 'nora' });
  const { tokens } = await provider.exchangeCode({ code, redirectUri: REDIRECT_URI, codeVerifier: VERIFIER });
  const accounts = await provider.listAccounts(tokens.accessToken);
  return {
    provider,
    simulator,
    accessToken: tokens.accessToken,
    accounts: accounts.filter(({ isActive }) => isActive),
    async close() {
      await http.close();
      await simulator.close();
    },
  };
}

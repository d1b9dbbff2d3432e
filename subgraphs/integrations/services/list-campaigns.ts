import type { Account } from '../entities/account.js';
import type { Access, Equipment } from '../equipment.js';
import { ReconnectRequired, TokenRefused } from '../errors.js';
import type { AccountReference, CampaignAnswer, DayRange } from '../providers/provider.js';
import { openAccess } from './open-access.js';
import { renewTokens } from './renew-tokens.js';
import { requireReconnect } from './require-reconnect.js';

type Answers = Map<string, CampaignAnswer>;

interface Asked {
  /** What the answers were got with: its connection is the row as it is now. */
  access: Access;
  answers: Answers;
}

/** Asks once more, with a renewed token, for accounts that refused the first one. Refused again, the person is needed. */
async function askAgain(
  equipment: Equipment,
  before: Access,
  refused: AccountReference[],
  range: DayRange,
): Promise<Asked> {
  try {
    const access = await renewTokens(
      equipment,
      before.connection,
      ({ version }) => version <= before.connection.version,
    );
    const answers = await access.provider.listCampaigns(access.tokens.accessToken, refused, range);
    const error = new ReconnectRequired(access.provider.name);
    const final = [...answers].map(([id, answer]) => [id, answer instanceof TokenRefused ? error : answer] as const);
    return { access, answers: new Map(final) };
  } catch (error) {
    return { access: before, answers: new Map(refused.map(({ externalId }) => [externalId, error as Error])) };
  }
}

async function ask(
  equipment: Equipment,
  access: Access,
  accounts: AccountReference[],
  range: DayRange,
): Promise<Asked> {
  const answers = await access.provider.listCampaigns(access.tokens.accessToken, accounts, range);
  const refused = accounts.filter(({ externalId }) => answers.get(externalId) instanceof TokenRefused);
  if (refused.length === 0) return { access, answers };
  const again = await askAgain(equipment, access, refused, range);
  return { access: again.access, answers: new Map([...answers, ...again.answers]) };
}

/** One account that refuses what the others take says nothing about the connection; all of them do. */
async function recordIfBroken(equipment: Equipment, { access, answers }: Asked): Promise<void> {
  const [first] = answers.values();
  const isBroken = [...answers.values()].every((answer) => answer instanceof ReconnectRequired);
  if (isBroken && first instanceof ReconnectRequired) await requireReconnect(equipment, access.connection, first);
}

/**
 * Returns the campaigns of accounts behind one connection, or why not, by account id. A provider is not asked about
 * inactive accounts: it would mostly refuse, and what is not in use has no campaigns.
 */
export async function listCampaigns(equipment: Equipment, accounts: Account[], range: DayRange): Promise<Answers> {
  const results: Answers = new Map(accounts.map(({ id }) => [id, []]));
  const active = accounts.filter(({ isActive }) => isActive);
  const [first] = active;
  if (!first) return results;
  const access = await openAccess(equipment, { id: first.connectionId, organizationId: first.organizationId });
  const references = active.map((account) => ({ ...account, access: account.access ?? {} }));
  const asked = await ask(equipment, access, references, range);
  await recordIfBroken(equipment, asked);
  for (const { id, externalId } of active) {
    results.set(id, asked.answers.get(externalId) ?? new Error(`${access.provider.id} forgot account ${externalId}`));
  }
  return results;
}

import { IsNull } from 'typeorm';
import type { ServiceContext } from '#reporting/context.js';
import type { Language, Manifest } from '#reporting/dataset/dataset.js';
import { type Branding, BrandingEntity, BrandingLogoEntity } from '#reporting/entities/branding.js';
import type { Branding as Look, Presentation } from '#reporting/rendering/renderer.js';
import { DEFAULT_COLORS } from './colors.js';

/** Whose branding applies: that of its client when it is limited to exactly one, before that of the organization. */
interface Covered {
  organizationId: string;
  clientIds: readonly string[];
}

/** Returns the brandings that apply, that of the client first. */
async function listApplicable(
  { database }: Pick<ServiceContext, 'database'>,
  { organizationId, clientIds }: Covered,
): Promise<Branding[]> {
  const [clientId, ...more] = clientIds;
  const owners = [
    { organizationId, clientId: IsNull() },
    ...(clientId && more.length === 0 ? [{ organizationId, clientId }] : []),
  ];
  const found = await database.manager.find(BrandingEntity, { where: owners });
  return found.sort((one, other) => Number(one.clientId === null) - Number(other.clientId === null));
}

const firstOf = <Key extends keyof Branding>(brandings: Branding[], key: Key): Branding[Key] | null =>
  brandings.find((branding) => branding[key] !== null)?.[key] ?? null;

/** Returns the language of a report: the one it is ordered in, else that of its client's branding, of the organization's, else English. */
export async function languageFor(
  context: Pick<ServiceContext, 'database'>,
  { language, ...covered }: Covered & { language?: Language | null },
): Promise<Language> {
  return language ?? firstOf(await listApplicable(context, covered), 'language') ?? 'en';
}

/** Returns how an organization, or one of its clients, presents itself, `name` where neither has a name of its own. */
export async function brandingFor(
  { database }: Pick<ServiceContext, 'database'>,
  { name, ...covered }: Covered & { name: string },
): Promise<Look> {
  const brandings = await listApplicable({ database }, covered);
  const { organizationId } = covered;
  const branded = brandings.find(({ logoHash }) => logoHash !== null);
  const logo =
    branded && (await database.manager.findOneBy(BrandingLogoEntity, { organizationId, brandingId: branded.id }));
  return {
    name: firstOf(brandings, 'name') ?? name,
    logo: logo ? { png: logo.png, width: logo.width, height: logo.height } : null,
    primaryColor: firstOf(brandings, 'primaryColor') ?? DEFAULT_COLORS.primary,
    accentColor: firstOf(brandings, 'accentColor') ?? DEFAULT_COLORS.accent,
    footer: firstOf(brandings, 'footer'),
  };
}

/** Returns how the pages and files of a report look: its language, and the branding of today. */
export async function presentationOf(
  context: Pick<ServiceContext, 'database'>,
  { manifest, ...covered }: Covered & { manifest: Pick<Manifest, 'language' | 'organization'> },
): Promise<Presentation> {
  const branding = await brandingFor(context, { ...covered, name: manifest.organization });
  return { language: manifest.language, branding };
}

import { GoogleRefusal } from '#simulator/google/refusal.js';
import type { WireRequest } from '#simulator/wire.js';

// Every field a location can have, and those inside them that may be named by themselves.
const PATHS = new Set(
  [
    'name languageCode storeCode title websiteUri labels',
    'phoneNumbers phoneNumbers.primaryPhone phoneNumbers.additionalPhones',
    'categories categories.primaryCategory categories.additionalCategories',
    'storefrontAddress storefrontAddress.regionCode storefrontAddress.postalCode',
    'storefrontAddress.administrativeArea storefrontAddress.locality storefrontAddress.addressLines',
    'latlng latlng.latitude latlng.longitude openInfo openInfo.status',
    'metadata metadata.placeId metadata.mapsUri metadata.newReviewUri metadata.hasVoiceOfMerchant',
    'regularHours specialHours moreHours serviceArea adWordsLocationExtensions profile relationshipData serviceItems',
  ].flatMap((paths) => paths.split(' ')),
);

/** Returns the paths of the readMask; throws when there is none or one of them does not exist. */
export function readMask(request: WireRequest): string[] {
  const text = request.query.get('readMask') ?? '';
  const paths = text.split(',').map((path) => path.trim().replace(/_([a-z])/g, (_, letter) => letter.toUpperCase()));
  const bad = paths.find((path) => !PATHS.has(path));
  if (bad === undefined) return paths;
  const description = text === '' ? 'read_mask is required' : `Invalid field mask provided: ${bad}`;
  throw new GoogleRefusal(400, {
    details: [
      {
        '@type': 'type.googleapis.com/google.rpc.BadRequest',
        fieldViolations: [{ field: 'read_mask', description }],
      },
    ],
  });
}

/** Returns of something only what the paths name. */
export function masked(whole: Record<string, unknown>, paths: readonly string[]): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(whole)) {
    const inner = paths.filter((path) => path.startsWith(`${name}.`)).map((path) => path.slice(name.length + 1));
    if (paths.includes(name)) shown[name] = value;
    else if (inner.length > 0) shown[name] = masked(value as Record<string, unknown>, inner);
  }
  return shown;
}

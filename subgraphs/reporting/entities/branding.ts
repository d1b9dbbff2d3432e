import { EntitySchema } from 'typeorm';
import type { Language } from '#reporting/dataset/dataset.js';

/** How reports of an organization, or of one of its clients, look. What is null is as the organization's, or the default. */
export interface Branding {
  id: string;
  organizationId: string;
  /** Null = of the organization. */
  clientId: string | null;
  name: string | null;
  /** `#rrggbb`, as is `accentColor`. */
  primaryColor: string | null;
  accentColor: string | null;
  footer: string | null;
  language: Language | null;
  /** That of its `BrandingLogo`; null without one. */
  logoHash: string | null;
  version: number;
  updatedAt: Date;
}

export const BrandingEntity = new EntitySchema<Branding>({
  name: 'Branding',
  tableName: 'branding',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    organizationId: { type: 'uuid', name: 'organization_id' },
    clientId: { type: 'uuid', name: 'client_id', nullable: true },
    name: { type: 'text', nullable: true },
    primaryColor: { type: 'text', name: 'primary_color', nullable: true },
    accentColor: { type: 'text', name: 'accent_color', nullable: true },
    footer: { type: 'text', nullable: true },
    language: { type: 'text', nullable: true },
    logoHash: { type: 'text', name: 'logo_hash', nullable: true },
    version: { type: 'integer' },
    updatedAt: { type: 'timestamptz', name: 'updated_at' },
  },
});

/** A logo as it was decoded and written anew: PNG. */
export interface BrandingLogo {
  brandingId: string;
  organizationId: string;
  /** SHA-256, hexadecimal. */
  hash: string;
  width: number;
  height: number;
  png: Buffer;
}

export const BrandingLogoEntity = new EntitySchema<BrandingLogo>({
  name: 'BrandingLogo',
  tableName: 'branding_logo',
  columns: {
    brandingId: { type: 'uuid', name: 'branding_id', primary: true },
    organizationId: { type: 'uuid', name: 'organization_id' },
    hash: { type: 'text' },
    width: { type: 'integer' },
    height: { type: 'integer' },
    png: { type: 'bytea' },
  },
});

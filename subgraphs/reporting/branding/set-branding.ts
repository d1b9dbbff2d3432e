import { pick } from 'es-toolkit/object';
import { z } from 'zod';
import type { ServiceContext } from '#reporting/context.js';
import { languages } from '#reporting/dataset/dataset.js';
import { type Branding, BrandingEntity } from '#reporting/entities/branding.js';
import { recordAudit } from '#runtime/audit/record-audit.js';
import { Conflict } from '#runtime/errors.js';
import { nameUpTo, textUpTo } from '#runtime/name.js';
import { parseInput } from '#runtime/parse-input.js';
import { type BrandingOf, brandingTarget, changeBranding } from './change-branding.js';
import { COLOR, CONTRAST, contrastWithWhite, shadeWithContrast } from './colors.js';

const NAME_LENGTH = 100;
const FOOTER_LENGTH = 200;

const colorOf = (contrast: number) =>
  z
    .string()
    .transform((color) => color.trim().toLowerCase())
    .refine((color) => COLOR.test(color), { message: 'must be a colour such as #1a4fd6', abort: true })
    .superRefine((color, { addIssue }) => {
      const found = contrastWithWhite(color);
      if (found >= contrast) return;
      const nearest = shadeWithContrast(color, contrast);
      const message = `must have a contrast of ${contrast}:1 with white, and has ${found.toFixed(1)}:1: ${nearest} is the nearest of its shades`;
      addIssue({ code: 'custom', message });
    })
    .nullish();

const input = z.object({
  version: z.int(),
  input: z.object({
    name: nameUpTo(NAME_LENGTH).nullish(),
    primaryColor: colorOf(CONTRAST.primary),
    accentColor: colorOf(CONTRAST.accent),
    footer: textUpTo(FOOTER_LENGTH)
      .refine((text) => !text.includes('\n'), 'must be one line')
      .nullish(),
    language: z
      .string()
      .pipe(z.enum(languages, `must be one of ${languages.join(', ')}`))
      .nullish(),
  }),
});

const FIELDS = ['name', 'primaryColor', 'accentColor', 'footer', 'language'] as const;

/**
 * Changes what is given of a branding; null takes it away. Throws InvalidInput, which names the nearest colour with enough contrast,
 * NotFound for an unknown client, and Conflict when it was changed since `version`.
 */
export async function setBranding(
  context: ServiceContext,
  { clientId, ...given }: BrandingOf & z.input<typeof input>,
): Promise<Branding> {
  const { version, input: values } = parseInput(input, given);
  const change = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
  return changeBranding(context, {
    clientId,
    change: async (manager, branding) => {
      if (branding.version !== version) {
        throw new Conflict('This branding was changed meanwhile: read it again, and decide on what it is now.');
      }
      const changed: Branding = { ...branding, ...change, version: version + 1, updatedAt: context.services.now() };
      await manager.update(BrandingEntity, { id: branding.id, organizationId: branding.organizationId }, changed);
      await recordAudit(manager, context.identity, {
        organizationId: branding.organizationId,
        action: 'branding.updated',
        target: brandingTarget(branding),
        before: pick(branding, FIELDS),
        after: pick(changed, FIELDS),
      });
      return changed;
    },
  });
}

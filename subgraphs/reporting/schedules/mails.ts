import type { Language, Manifest, SectionSource } from '#reporting/dataset/dataset.js';
import { worstSources } from '#reporting/dataset/sources.js';
import type { PauseReason } from '#reporting/entities/report-schedule.js';
import type { Branding } from '#reporting/rendering/renderer.js';
import { type Texts, textsOf } from '#reporting/texts/texts.js';
import { type MailLocale, type RenderedMail, renderMail } from '#runtime/mail/render-mail.js';
import { quotedName } from '#runtime/name.js';

const MAX_SUBJECT = 300;
const NAMED_SOURCES = 10;

const localeOf = ({ language, direction, text }: Texts): MailLocale => ({
  language,
  direction,
  fallback: text('mail.fallback'),
  decline: text('mail.decline'),
});

/** Returns the mail that asks an address whether it wants reports of an organization. */
export function confirmationMail({
  organization,
  title,
  language,
  url,
  declineUrl,
}: {
  organization: string;
  title: string;
  language: Language | null;
  url: string;
  declineUrl: string;
}): RenderedMail {
  const texts = textsOf(language ?? 'en');
  const { text } = texts;
  return renderMail({
    subject: text('mail.confirm.subject', { organization }).slice(0, MAX_SUBJECT),
    paragraphs: [text('mail.greeting'), text('mail.confirm.text', { organization, title }), text('mail.confirm.ask')],
    action: { label: text('mail.confirm.action'), url },
    declineUrl,
    locale: localeOf(texts),
  });
}

/** Returns the sources of a report that are stale or missing, each account once. Figures that are not final yet are complete. */
export const incompleteSources = ({ sections }: Pick<Manifest, 'sections'>): SectionSource[] =>
  worstSources(sections.flatMap(({ sources }) => sources)).filter(
    ({ state }) => state === 'STALE' || state === 'MISSING',
  );

/** How a report is delivered. */
export interface DeliveredReport {
  manifest: Manifest;
  branding: Branding;
  /** Of its page with the files; null = they are attached. */
  link: { url: string; expiresAt: Date } | null;
  isTooLarge: boolean;
}

/** Returns the mail that delivers a report, in its language. */
export function reportMail(
  { manifest, branding, link, isTooLarge }: DeliveredReport,
  { declineUrl }: { declineUrl: string },
): RenderedMail {
  const { title, language, timeZone } = manifest;
  const texts = textsOf(language);
  const { text, formats } = texts;
  const incomplete = incompleteSources(manifest);
  const sentences = incomplete.slice(0, NAMED_SOURCES).map((source) => texts.describeSource(source, timeZone));
  const organization = branding.name;
  const expiry =
    link && text('mail.expires', { day: { text: formats.day(link.expiresAt.toISOString().slice(0, 10)) } });
  return renderMail({
    subject: text('mail.subject', { title }).slice(0, MAX_SUBJECT),
    paragraphs: [
      text('mail.greeting'),
      link ? text('mail.linked', { title, organization }) : text('mail.attached', { title, organization }),
      ...(isTooLarge ? [text('mail.tooLarge')] : []),
      ...(expiry ? [expiry] : []),
      ...(incomplete.length > 0 ? [text('mail.incomplete'), ...sentences] : []),
      ...(incomplete.length > NAMED_SOURCES ? ['…'] : []),
      ...manifest.summary.sentences,
    ],
    ...(link && { action: { label: text('mail.link'), url: link.url } }),
    declineUrl,
    locale: localeOf(texts),
    brand: { name: organization, color: branding.primaryColor, footer: branding.footer },
  });
}

/** A mail to who takes care of a schedule. */
interface CaretakerMail {
  /** Of the schedule. */
  name: string;
  organizationName: string;
  recipientName: string;
}

function caretakerMail(
  { name, organizationName, recipientName }: CaretakerMail,
  { subject, paragraphs }: { subject: string; paragraphs: string[] },
): RenderedMail {
  return renderMail({
    subject: `${subject}: ${quotedName(name)}`.slice(0, MAX_SUBJECT),
    paragraphs: [
      `Hello ${quotedName(recipientName)},`,
      ...paragraphs,
      `This is about the report schedule ${quotedName(name)} of ${quotedName(organizationName)}.`,
    ],
  });
}

const PAUSED: Record<Exclude<PauseReason, 'REQUESTED'>, string> = {
  OWNER_LEFT:
    'Its owner has left the organization, or may not order reports any more. Set another owner (updateReportSchedule), then resume it (resumeReportSchedule).',
  TEMPLATE_DELETED:
    'Its template was deleted. Set another one (updateReportSchedule), then resume it (resumeReportSchedule).',
  CLIENT_DELETED:
    'A client it reports on was deleted. Set its clients (updateReportSchedule), then resume it (resumeReportSchedule).',
};

/** Returns the mail about a schedule that was paused. */
export const pausedMail = ({ reason, ...mail }: CaretakerMail & { reason: keyof typeof PAUSED }): RenderedMail =>
  caretakerMail(mail, { subject: 'Report schedule paused', paragraphs: [PAUSED[reason]] });

/** Returns the mail about a run whose report was not delivered. */
export const failedMail = ({ reason, ...mail }: CaretakerMail & { reason: string }): RenderedMail =>
  caretakerMail(mail, {
    subject: 'Report not delivered',
    paragraphs: ['A report was due and was not delivered.', reason],
  });

/** Returns the mail about a report that is held back because it is not complete. */
export function heldMail({ manifest, ...mail }: CaretakerMail & { manifest: Manifest }): RenderedMail {
  const { describeSource } = textsOf('en');
  const incomplete = incompleteSources(manifest);
  return caretakerMail(mail, {
    subject: 'Report held back',
    paragraphs: [
      `The report ${quotedName(manifest.title)} is not complete, and was sent to nobody.`,
      ...incomplete.slice(0, NAMED_SOURCES).map((source) => describeSource(source, manifest.timeZone)),
      'Send it all the same (approveReportDelivery), drop it (rejectReportDelivery), or have it made again (runReportScheduleNow).',
    ],
  });
}

/** Returns the mail about a report that waits for review. */
export const reviewMail = ({ title, ...mail }: CaretakerMail & { title: string }): RenderedMail =>
  caretakerMail(mail, {
    subject: 'Report to review',
    paragraphs: [
      `The report ${quotedName(title)} is ready and waits for your review.`,
      'It is sent once someone approves it (approveReportDelivery); rejectReportDelivery drops it.',
    ],
  });

/** Returns the mail about a recipient that mails do not reach. */
export const bouncedMail = ({
  email,
  reason,
  ...mail
}: CaretakerMail & { email: string; reason: string }): RenderedMail =>
  caretakerMail(mail, {
    subject: 'Report did not arrive',
    paragraphs: [`A report to ${email} did not arrive.`, reason],
  });

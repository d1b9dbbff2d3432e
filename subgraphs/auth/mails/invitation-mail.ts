import type { Role } from '#runtime/identity/identity.js';
import { type RenderedMail, renderMail } from '#runtime/mail/render-mail.js';
import { quotedName } from '#runtime/name.js';

const inWords: Record<Role, string> = {
  OWNER: 'as an owner: you may do everything',
  ADMIN: 'as an administrator: you may connect providers and manage people',
  ANALYST: 'as an analyst: you may create clients and reports',
  VIEWER: 'as a viewer: you may read everything',
};

/** Returns the mail that invites a person to an organization. */
export function invitationMail(given: {
  organizationName: string;
  inviterName: string;
  role: Role;
  url: string;
  declineUrl: string;
}): RenderedMail {
  const { organizationName, inviterName, role, url, declineUrl } = given;
  return renderMail({
    subject: `${quotedName(inviterName)} invites you to ${quotedName(organizationName)} on WebMetrics`,
    paragraphs: [
      `${quotedName(inviterName)} invites you to join ${quotedName(organizationName)} on WebMetrics ${inWords[role]}.`,
      'The link works once, for 7 days. If you do not know what this is about, ignore this mail: nothing happens.',
    ],
    action: { label: 'Look at the invitation', url },
    declineUrl,
  });
}

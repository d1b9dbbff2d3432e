import { type RenderedMail, renderMail } from '#runtime/mail/render-mail.js';
import { quotedName } from '#runtime/name.js';

const dayOf = (at: Date) => `${at.toISOString().slice(0, 16).replace('T', ' at ')} UTC`;

/** Returns the notice to members that their organization will be deleted. */
export function deletionRequestedMail(given: { organizationName: string; ownerName: string; at: Date }): RenderedMail {
  const { organizationName, ownerName, at } = given;
  return renderMail({
    subject: `${quotedName(organizationName)} is being deleted from WebMetrics`,
    paragraphs: [
      `${quotedName(ownerName)} asked for ${quotedName(organizationName)} to be deleted from WebMetrics. That happens on ${dayOf(at)}.`,
      'Its connections to providers are given back then, and its reports, clients, figures and members are erased. Your account goes with it, unless you belong to another organization.',
      'Until then everything goes on working, and an owner of the organization can call it off. Fetch what you want to keep.',
      'Its subscription is not renewed any more, and nothing further is charged for it.',
    ],
  });
}

/** Returns the notice to members that the deletion was cancelled. */
export function deletionCancelledMail(given: { organizationName: string; ownerName: string }): RenderedMail {
  const { organizationName, ownerName } = given;
  return renderMail({
    subject: `${quotedName(organizationName)} stays on WebMetrics`,
    paragraphs: [
      `${quotedName(ownerName)} called the deletion of ${quotedName(organizationName)} off. Nothing was deleted. Its subscription goes on, unless its period ended meanwhile or it was cancelled before.`,
    ],
  });
}

/** Returns the notice to former members that the organization was deleted. */
export function organizationDeletedMail(given: { organizationName: string; isAccountDeleted: boolean }): RenderedMail {
  const { organizationName, isAccountDeleted } = given;
  return renderMail({
    subject: `${quotedName(organizationName)} was deleted from WebMetrics`,
    paragraphs: [
      `${quotedName(organizationName)} was deleted from WebMetrics as one of its owners asked for. What it held is being erased now; backups keep it until they run out.`,
      isAccountDeleted
        ? 'You belonged to no other organization, so that your account was deleted, too.'
        : 'Your account stays: you belong to other organizations.',
    ],
  });
}

/** Returns the notice to a person that their account was deleted. */
export function accountDeletedMail(): RenderedMail {
  return renderMail({
    subject: 'Your account was deleted',
    paragraphs: [
      'Your WebMetrics account was deleted, as you requested. What organizations recorded while you belonged to them stays with them; backups keep the rest until they run out.',
    ],
  });
}

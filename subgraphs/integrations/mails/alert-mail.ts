import type { Alert } from '#integrations/entities/alert.js';
import { type RenderedMail, renderMail } from '#runtime/mail/render-mail.js';
import { quotedName } from '#runtime/name.js';

/** Returns the mail about what one rule raised and resolved at once. */
export function alertMail({
  ruleName,
  organizationName,
  recipientName,
  raised,
  resolved,
}: {
  ruleName: string;
  organizationName: string;
  recipientName: string;
  raised: Pick<Alert, 'target' | 'message'>[];
  resolved: Pick<Alert, 'target' | 'message' | 'resolution'>[];
}): RenderedMail {
  const [first] = [...raised, ...resolved];
  const count = raised.length + resolved.length;
  const about = count === 1 && first ? quotedName(first.target) : `${count} targets`;
  const state = raised.length > 0 ? 'Alert' : 'Resolved';
  return renderMail({
    subject: `${state}: ${ruleName} – ${about}`.slice(0, 300),
    paragraphs: [
      `Hello ${quotedName(recipientName)},`,
      `The alert rule ${quotedName(ruleName)} of ${quotedName(organizationName)} found:`,
      ...raised.map(({ target, message }) => `${quotedName(target)}: ${message}`),
      ...resolved.map(({ target, resolution }) => `Over for ${quotedName(target)}: ${resolution ?? ''}`),
      'You get this as a recipient of the rule: updateAlertRule changes its recipients, muteAlert ends mails about a target.',
    ],
  });
}

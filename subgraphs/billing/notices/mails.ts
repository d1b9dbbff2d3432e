import type { Invoice } from '#billing/entities/invoice.js';
import type { NoticeKind } from '#billing/entities/notice.js';
import { paidUntil } from '#billing/standing/facts.js';
import { moneyOf } from '#billing/stripe/amounts.js';
import { findPlan } from '#runtime/entitlements/plans.js';
import { type MailContent, type RenderedMail, renderMail } from '#runtime/mail/render-mail.js';
import { quotedName } from '#runtime/name.js';
import { type BillingState, cardExpiry, type DueNotice } from './due-notices.js';

/** What a mail about billing is written from. */
export interface NoticeContent {
  notice: DueNotice;
  state: BillingState;
  now: Date;
  organizationName: string;
  timeZone: string;
}

type Content = Pick<MailContent, 'paragraphs' | 'action'> & { subject: string };

const RESTORABLE = 'Nothing was deleted, and everything can be read and exported.';
const SCHEDULES_PAUSED = 'Scheduled reports are paused, and no new figures are fetched.';
const HOW_TO_SUBSCRIBE = 'Subscribe with startCheckout, or go on with the plan Free with changePlan.';

function dayIn(timeZone: string) {
  const format = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone });
  return (at: Date) => format.format(at);
}

function timeIn(timeZone: string, at: Date): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
    timeZoneName: 'short',
  });
  return format.format(at);
}

function written({ amount, currency }: { amount: string; currency: string }): string {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).format(amount as `${number}`);
}

const planName = (planId: string | null): string => findPlan(planId ?? '')?.name ?? 'your plan';

/** What the next period costs by the list; null for a plan without a price. */
function listPrice({ subscription }: BillingState): string | null {
  const { planId, pendingPlanId, interval, pendingInterval, currency } = subscription;
  const every = pendingInterval ?? interval;
  const price = every && currency && findPlan(pendingPlanId ?? planId ?? '')?.prices?.[every][currency];
  if (!price) return null;
  return `${written({ amount: price, currency })} a ${every === 'YEAR' ? 'year' : 'month'}, less discounts and plus taxes`;
}

const remaining = ({ amountRemaining, currency }: Invoice) => written(moneyOf(amountRemaining, currency));

const nameOf = ({ number, id }: Invoice) => number ?? id;

function payButton(invoice: Invoice | undefined, label: string): Pick<MailContent, 'action'> {
  return invoice?.hostedUrl ? { action: { label, url: invoice.hostedUrl } } : {};
}

type Writer = (content: NoticeContent & { day: (at: Date) => string }) => Content;

const writers: Record<NoticeKind, Writer> = {
  TRIAL_ENDING: ({ state: { subscription }, day }) => ({
    subject: `Your trial ends on ${day(subscription.trialEndsAt)}`,
    paragraphs: [
      `The trial of the plan Pro ends on ${day(subscription.trialEndsAt)}. From then on everything can be read and exported, but nothing changed; scheduled reports are paused, and no new figures are fetched. Nothing is deleted.`,
      HOW_TO_SUBSCRIBE,
    ],
  }),
  TRIAL_ENDED: ({ state: { subscription }, now, timeZone, day }) => {
    const { trialEndsAt } = subscription;
    const isOver = trialEndsAt <= now;
    return {
      subject: isOver ? 'Your trial has ended' : 'Your trial ends today',
      paragraphs: [
        isOver
          ? `The trial of the plan Pro ended on ${day(trialEndsAt)}. ${SCHEDULES_PAUSED} ${RESTORABLE}`
          : `The trial of the plan Pro ends today at ${timeIn(timeZone, trialEndsAt)}. From then on scheduled reports are paused, and no new figures are fetched. Nothing is deleted, and everything can be read and exported.`,
        HOW_TO_SUBSCRIBE,
      ],
    };
  },
  TRIAL_CONVERTING: ({ state, day }) => {
    const { planId, pendingPlanId, periodEnd } = state.subscription;
    const price = listPrice(state);
    return {
      subject: `The plan ${planName(pendingPlanId ?? planId)} begins on ${day(periodEnd as Date)}`,
      paragraphs: [
        `The trial ends on ${day(periodEnd as Date)}, and your plan ${planName(pendingPlanId ?? planId)} begins.${price ? ` Then your card is charged: ${price}.` : ''}`,
        'To change that before, use changePlan or cancelSubscription.',
      ],
    };
  },
  TRIAL_REFUSED: ({ state: { subscription }, now, day }) => {
    const { planId, trialEndsAt } = subscription;
    const isInTrial = trialEndsAt > now;
    return {
      subject: 'Your order was cancelled and nothing was charged: the card was used for a trial before',
      paragraphs: [
        `There is one trial for each organization and each card, and this card has had one, in another organization. So the plan ${planName(planId)} has not begun, and nothing was charged.`,
        ...(isInTrial ? [`Your organization keeps its own trial until ${day(trialEndsAt)}.`] : []),
        'To buy the plan without a trial, order it again (startCheckout): the page shows what is charged at once.',
      ],
    };
  },
  PAYMENT_SUCCEEDED: ({ notice: { invoice }, state, day }) => {
    const { amountPaid, currency, pdfUrl, hostedUrl } = invoice as Invoice;
    const { planId, periodEnd } = state.subscription;
    const url = pdfUrl ?? hostedUrl;
    return {
      subject: `Payment received: ${written(moneyOf(amountPaid, currency))}`,
      paragraphs: [
        `Thank you: invoice ${nameOf(invoice as Invoice)} over ${written(moneyOf(amountPaid, currency))} is paid.`,
        `Your plan is ${planName(planId)}${periodEnd ? `, its current period goes to ${day(periodEnd)}` : ''}.`,
      ],
      ...(url ? { action: { label: 'Open the invoice', url } } : {}),
    };
  },
  PAYMENT_FAILED: ({ notice: { invoice }, state: { subscription }, day }) => {
    const next = (invoice as Invoice).nextPaymentAttemptAt ?? subscription.nextPaymentAttemptAt;
    return {
      subject: `A payment of ${remaining(invoice as Invoice)} failed`,
      paragraphs: [
        `Invoice ${nameOf(invoice as Invoice)} over ${remaining(invoice as Invoice)} could not be charged.`,
        next
          ? `It is tried again on ${day(next)}. Until then you keep the plan ${planName(subscription.planId)}.`
          : 'It is not tried again by itself: without a payment your plan becomes Free.',
        'Pay it now, or change your card (openBillingPortal).',
      ],
      ...payButton(invoice, 'Pay the invoice'),
    };
  },
  ACTION_REQUIRED: ({ notice: { invoice } }) => ({
    subject: `Your bank asks you to confirm a payment of ${remaining(invoice as Invoice)}`,
    paragraphs: [
      `Invoice ${nameOf(invoice as Invoice)} over ${remaining(invoice as Invoice)} is charged once you have confirmed it with your bank.`,
    ],
    ...payButton(invoice, 'Confirm the payment'),
  }),
  DUNNING_OVER: ({ notice: { invoice }, state: { subscription } }) => ({
    subject: 'Your plan is Free now: the payment failed for good',
    paragraphs: [
      `Invoice ${nameOf(invoice as Invoice)} over ${remaining(invoice as Invoice)} was not paid, so the plan ${planName(subscription.planId)} has ended and your plan is Free.`,
      `${RESTORABLE} What is more than Free allows can only be read, and schedules beyond it are paused.`,
      'Pay the invoice, and everything is as it was; or subscribe anew with startCheckout.',
    ],
    ...payButton(invoice, 'Pay the invoice'),
  }),
  RESTORED: ({ notice: { invoice }, state: { subscription, invoices }, day }) => ({
    subject: `Your plan ${planName(subscription.planId)} is back`,
    paragraphs: [
      `Invoice ${nameOf(invoice as Invoice)} is paid: the plan ${planName(subscription.planId)} holds again.${
        subscription.status === 'canceled'
          ? ` It does so until ${day(paidUntil(subscription, invoices) as Date)}: to go on after that, subscribe anew (startCheckout).`
          : ''
      }`,
      'Connections, members, clients and schedules that could only be read, or were paused, work as before.',
    ],
  }),
  RENEWAL: ({ state, day }) => {
    const { planId, pendingPlanId, periodEnd } = state.subscription;
    const price = listPrice(state);
    return {
      subject: `Your plan ${planName(pendingPlanId ?? planId)} renews on ${day(periodEnd as Date)}`,
      paragraphs: [
        `On ${day(periodEnd as Date)} the next period of the plan ${planName(pendingPlanId ?? planId)} begins.${price ? ` Then your card is charged: ${price}.` : ''}`,
        'To change that before, use changePlan or cancelSubscription.',
      ],
    };
  },
  CANCELLATION: ({ notice, state: { subscription }, now, day }) => {
    const end = notice.end as Date;
    const { deletionAt } = subscription;
    const plan = planName(subscription.planId);
    const why = subscription.endedBy === 'PAYMENT_DISPUTED' ? ' A payment for it was disputed with the bank.' : '';
    return end > now
      ? {
          subject: `Your plan ${plan} is cancelled: it ends on ${day(end)}`,
          paragraphs: [
            `You keep the plan ${plan} until ${day(end)}. Then your plan is Free. Nothing is deleted: what is more than Free allows can only be read, and schedules beyond it are paused.`,
            deletionAt
              ? 'It is cancelled as the organization is being deleted, and nothing further is charged. If the deletion is taken back before that day (cancelOrganizationDeletion), the plan goes on.'
              : 'If you have changed your mind, resume it before (resumeSubscription).',
          ],
        }
      : {
          subject: `Your plan ${plan} has ended`,
          paragraphs: [
            `The plan ${plan} ended on ${day(end)}, and your plan is Free now.${why}`,
            `${RESTORABLE} What is more than Free allows can only be read, and schedules beyond it are paused.`,
          ],
        };
  },
  CARD_EXPIRING: ({ state: { card }, now }) => {
    const { brand, last4, expiryMonth, expiryYear } = card ?? {};
    const named = `${brand ?? 'card'} ending in ${last4 ?? '????'}`;
    const expiry = card && cardExpiry(card);
    const month = `${String(expiryMonth).padStart(2, '0')}/${expiryYear}`;
    return {
      subject: `Your ${named} ${expiry && expiry <= now ? 'has expired' : 'expires soon'}`,
      paragraphs: [
        `The ${named}, which your subscription is paid with, is valid to ${month}.`,
        'Enter another one before the next payment is due (openBillingPortal).',
      ],
    };
  },
  PAUSED: ({ notice: { end }, state: { subscription }, now, day }) => {
    const { pausedUntil } = subscription;
    const resumes = pausedUntil ? ` It resumes on ${day(pausedUntil)}.` : '';
    const isLater = end !== undefined && end > now;
    return {
      subject: `Your plan ${planName(subscription.planId)} is paused`,
      paragraphs: [
        `Nothing is charged while it is paused.${resumes}`,
        isLater
          ? `You keep the plan until ${day(end)}, as it is paid. From then on scheduled reports are paused, and no new figures are fetched. Nothing is deleted, and everything can be read and exported.`
          : `${SCHEDULES_PAUSED} ${RESTORABLE}`,
        'Resume it at any time (resumeSubscription).',
      ],
    };
  },
};

/** Returns the mail of a notice to one of those who manage billing. */
export function noticeMail(content: NoticeContent, recipientName: string): RenderedMail {
  const { subject, paragraphs, action } = writers[content.notice.kind]({ ...content, day: dayIn(content.timeZone) });
  return renderMail({
    subject,
    paragraphs: [
      `Hello ${quotedName(recipientName)},`,
      ...paragraphs,
      `This is about the organization ${quotedName(content.organizationName)}.`,
    ],
    action,
  });
}

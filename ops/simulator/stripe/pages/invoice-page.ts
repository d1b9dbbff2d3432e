import type { StripeAccount } from '#simulator/stripe/account.js';
import { attach } from '#simulator/stripe/customers/payment-methods.js';
import { invoke } from '#simulator/stripe/invoke.js';
import type { Objects } from '#simulator/stripe/objects.js';
import { StripeError } from '#simulator/stripe/wire/stripe-error.js';
import { formOf, type WireAnswer, type WireRequest } from '#simulator/wire.js';
import type { AuthenticationExtra } from './authentication-page.js';
import { cardFrom } from './card-form.js';
import { alertOf, CARD_FIELDS, day, escapeHtml, htmlPage, money, notFoundPage, seeOther } from './html.js';
import { pdfOf } from './pdf.js';

type Invoice = Objects['invoice'];

/** The page of an invoice, on which an open one can be paid. */
export function answerInvoice(request: WireRequest, account: StripeAccount, id: string): WireAnswer {
  const invoice = account.find('invoice', id);
  if (!invoice || invoice.status === 'draft') return notFoundPage('There is no such invoice.');
  if (request.method !== 'POST') return page(invoice, {});
  if (invoice.status !== 'open') return seeOther(request.base + request.path);
  try {
    const method = cardFrom(account, formOf(request));
    if (invoice.customer) attach(account, method, invoice.customer);
    invoke(account, ['POST', `/v1/invoices/${id}/pay`], { payment_method: method.id, off_session: 'false' });
    return seeOther(request.base + request.path);
  } catch (error) {
    if (!(error instanceof StripeError)) throw error;
    const waiting = waitingIntentOf(account, invoice);
    if (!waiting) return page(invoice, { error: error.message, status: error.status });
    account.extra<AuthenticationExtra>(waiting).returnTo = request.base + request.path;
    return seeOther(`${account.pageBase('hooks.stripe.com')}/3d_secure/${waiting}`);
  }
}

/** A small PDF of an invoice. */
export function answerInvoicePdf(account: StripeAccount, id: string): WireAnswer {
  const invoice = account.find('invoice', id);
  if (!invoice || invoice.status === 'draft') return notFoundPage('There is no such invoice.');
  return {
    status: 200,
    headers: {
      'content-type': 'application/pdf',
      'content-disposition': `attachment; filename="Invoice-${invoice.number}.pdf"`,
    },
    body: pdfOf(textOf(invoice)),
  };
}

function waitingIntentOf(account: StripeAccount, invoice: Invoice): string | undefined {
  return account
    .list('invoice_payment')
    .filter((payment) => payment.invoice === invoice.id)
    .map((payment) => account.find('payment_intent', String(payment.payment.payment_intent)))
    .find((intent) => intent?.status === 'requires_action')?.id;
}

function page(invoice: Invoice, { error, status = 200 }: { error?: string; status?: number }): WireAnswer {
  const lines = invoice.lines.data.map(
    (line) =>
      `<tr><td>${escapeHtml(line.description ?? '')}<br><span class="soft">${day(line.period.start)} – ${day(line.period.end)}</span></td><td>${money(line.amount, invoice.currency)}</td></tr>`,
  );
  const content = `<h1>Invoice ${escapeHtml(invoice.number ?? invoice.id)}</h1>
<p class="soft">${escapeHtml(invoice.customer_name ?? invoice.customer_email ?? '')} · ${day(invoice.created)} · ${invoice.status}</p>
<table><thead><tr><th>Description</th><th>Amount</th></tr></thead><tbody>${lines.join('\n')}
${summaryOf(invoice)
  .map(([label, amount]) => `<tr><td>${label}</td><td>${money(amount, invoice.currency)}</td></tr>`)
  .join('\n')}
<tr class="total"><td>Total</td><td>${money(invoice.total, invoice.currency)}</td></tr>
<tr class="total"><td>Amount due</td><td>${money(invoice.amount_remaining, invoice.currency)}</td></tr>
</tbody></table>
${alertOf(error)}
${invoice.status === 'open' ? `<form method="post" autocomplete="off" action="?">${CARD_FIELDS}<div class="actions"><button class="main" name="action" value="pay">Pay</button></div></form>` : ''}
${invoice.invoice_pdf ? `<p><a href="${escapeHtml(invoice.invoice_pdf)}">Download PDF</a></p>` : ''}`;
  return htmlPage(status, { title: `Invoice ${invoice.number} (simulated)`, content });
}

/** Discounts and taxes; those that prices include say so. */
function summaryOf(invoice: Invoice): [label: string, amount: number][] {
  const discount = (invoice.total_discount_amounts ?? []).reduce((sum, { amount }) => sum + amount, 0);
  return [
    ...(discount > 0 ? [['Discount', -discount] as [string, number]] : []),
    ...(invoice.total_taxes ?? []).map(({ amount, tax_behavior }): [string, number] => [
      tax_behavior === 'inclusive' ? 'Tax, included' : 'Tax',
      amount,
    ]),
  ];
}

function textOf(invoice: Invoice): string[] {
  const { currency } = invoice;
  return [
    `Invoice ${invoice.number}`,
    `Date ${day(invoice.created)}`,
    `Bill to ${invoice.customer_name ?? invoice.customer_email ?? ''}`,
    '',
    ...invoice.lines.data.map((line) => `${line.description}   ${money(line.amount, currency)}`),
    ...summaryOf(invoice).map(([label, amount]) => `${label}   ${money(amount, currency)}`),
    `Total   ${money(invoice.total, currency)}`,
    `Paid   ${money(invoice.amount_paid, currency)}`,
  ];
}

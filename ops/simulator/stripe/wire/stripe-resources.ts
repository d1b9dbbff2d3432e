/** The first words of the addresses that Stripe has: https://docs.stripe.com/api */
const words = new Set(
  `account account_links account_sessions accounts apple_pay application_fees apps balance balance_settings
  balance_transactions billing billing_portal charges checkout climate confirmation_tokens country_specs coupons credit_notes
  customer_sessions customers disputes entitlements ephemeral_keys events exchange_rates file_links files
  financial_connections forwarding identity invoice_payments invoice_rendering_templates invoiceitems invoices issuing
  mandates payment_attempt_records payment_intents payment_links payment_method_configurations payment_method_domains
  payment_methods payment_records payouts plans prices product_catalog products promotion_codes quotes radar refunds
  reporting reviews setup_attempts setup_intents shipping_rates sigma sources subscription_items subscription_schedules
  subscriptions tax tax_codes tax_ids tax_rates terminal test_helpers tokens topups transfers treasury webhook_endpoints`.split(
    /\s+/,
  ),
);

/** Whether an address may be one of Stripe's, though not of this simulator. */
export function isOfStripe(path: string): boolean {
  const [, version, word = ''] = path.split('/');
  return version === 'v2' || (version === 'v1' && words.has(word));
}

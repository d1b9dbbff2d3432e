/** Where a page of the payment provider leads back to: this screen, with the outcome of the checkout. */
export function billingPage(checkout?: 'done' | 'cancelled'): string {
  return `${window.location.origin}/app/billing${checkout ? `?checkout=${checkout}` : ''}`;
}

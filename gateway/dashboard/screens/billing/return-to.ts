/** Where a page of the payment provider leads back to: this screen, told how the checkout ended. */
export function billingPage(checkout?: 'done' | 'cancelled'): string {
  return `${window.location.origin}/app/billing${checkout ? `?checkout=${checkout}` : ''}`;
}

import { Entitlements } from '#runtime/entitlements/entitlements.js';
import { type BaseServices, openServices, type Services } from '#runtime/services.js';

/** Opens the services of an installation that sells nothing: no plan bounds its organizations. */
export async function openUnsoldServices(base: BaseServices): Promise<Services> {
  const services = await openServices(base);
  const { operations, now } = services;
  return { ...services, entitlements: new Entitlements({ operations, now, isSold: false }) };
}

import type { EntitySchema } from 'typeorm';
import { z } from 'zod';
import type { Context } from '#billing/context.js';
import { type Invoice, InvoiceEntity } from '#billing/entities/invoice.js';
import { type Payment, PaymentEntity } from '#billing/entities/payment.js';
import { checkPageSize, type Page, type PageArguments, pageOf, readCursor } from '#kit/page.js';

const position = z.tuple([z.iso.datetime().transform((text) => new Date(text)), z.string().max(255)]);

interface Row {
  id: string;
  createdAt: Date;
}

/** Returns a page of an organization's rows, the newest first. Throws InvalidInput. */
async function listNewest<Entity extends Row>(
  { database }: Pick<Context, 'database'>,
  entity: EntitySchema<Entity>,
  { organizationId, ...page }: { organizationId: string } & PageArguments,
): Promise<Page<Entity>> {
  checkPageSize(page.first);
  const query = database.manager
    .createQueryBuilder(entity, 'item')
    .where('item.organizationId = :organizationId', { organizationId })
    .orderBy({ 'item.createdAt': 'DESC', 'item.id': 'DESC' })
    .limit(page.first + 1);
  if (page.after) {
    const [createdAt, id] = readCursor(position, page.after);
    query.andWhere('(item.createdAt, item.id) < (:createdAt, :id)', { createdAt, id });
  }
  return pageOf(await query.getMany(), page, (row) => [row.createdAt, row.id]);
}

type OfOrganization = { organizationId: string } & PageArguments;

/** Returns a page of an organization's invoices, the newest first. Throws InvalidInput. */
export const listInvoices = (context: Pick<Context, 'database'>, page: OfOrganization): Promise<Page<Invoice>> =>
  listNewest(context, InvoiceEntity, page);

/** Returns a page of an organization's payments, the newest first. Throws InvalidInput. */
export const listPayments = (context: Pick<Context, 'database'>, page: OfOrganization): Promise<Page<Payment>> =>
  listNewest(context, PaymentEntity, page);

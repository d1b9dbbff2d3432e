import { isWithin, type Operation, operation, pageFields, pageOf } from '#simulator/stripe/operation.js';
import { array, boolean, range, text } from '#simulator/stripe/wire/rules.js';
import { invalidRequest } from '#simulator/stripe/wire/stripe-error.js';

export const eventOperations: readonly Operation[] = [
  operation('GET', '/v1/events/{id}', {}, ({ account, id }) => account.get('event', id)),
  operation(
    'GET',
    '/v1/events',
    {
      ...pageFields,
      created: range(),
      delivery_success: boolean(),
      type: text(),
      types: array(text(), { max: 20 }),
    },
    ({ account, params, path }) => {
      if (params.type !== undefined && params.types !== undefined)
        throw invalidRequest('You may only specify one of these parameters: type, types.', { param: 'types' });
      const types = params.types ?? (params.type === undefined ? undefined : [params.type]);
      return pageOf(
        account
          .list('event')
          .filter(
            (one) =>
              isWithin(one.created, params.created) &&
              (types?.some((type) => matches(type, one.type)) ?? true) &&
              (params.delivery_success === undefined || params.delivery_success === (one.pending_webhooks === 0)),
          ),
        { params, path },
      );
    },
  ),
];

/** `customer.*` names all that begin like it. */
function matches(wanted: string, type: string): boolean {
  return wanted.endsWith('*') ? type.startsWith(wanted.slice(0, -1)) : type === wanted;
}

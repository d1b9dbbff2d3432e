import { advanceClock, createClock, deleteClock } from '#simulator/stripe/billing/test-clocks.js';
import { type Operation, operation, pageFields, pageOf } from '#simulator/stripe/operation.js';
import { required, text, timestamp } from '#simulator/stripe/wire/rules.js';

const ROOT = '/v1/test_helpers/test_clocks';

export const clockOperations: readonly Operation[] = [
  operation('POST', ROOT, { frozen_time: required(timestamp()), name: text({ max: 300 }) }, ({ account, params }) =>
    createClock(account, params),
  ),
  operation('GET', ROOT, pageFields, ({ account, params, path }) =>
    pageOf(account.list('test_helpers.test_clock'), { params, path }),
  ),
  operation('GET', `${ROOT}/{id}`, {}, ({ account, id }) => account.get('test_helpers.test_clock', id)),
  operation('DELETE', `${ROOT}/{id}`, {}, ({ account, id }) => deleteClock(account, id)),
  operation('POST', `${ROOT}/{id}/advance`, { frozen_time: required(timestamp()) }, ({ account, params, id }) =>
    advanceClock(account, id, params.frozen_time),
  ),
];

import { dateOf, findDay } from '#simulator/data/calendar.js';
import { QUOTED_CURRENCIES, ratesOfDays } from '#simulator/data/exchange-rates.js';
import { NotSimulated } from '#simulator/not-simulated.js';
import type { SimulatedProvider } from '#simulator/provider.js';
import type { WireAnswer, WireRequest } from '#simulator/wire.js';
import type { World } from '#simulator/world.js';

const HOST = 'data-api.ecb.europa.eu';
const PATH = /^\/service\/data\/EXR\/D\.([A-Z+]*)\.EUR\.SP00\.A$/;
const HEADER = 'KEY,FREQ,CURRENCY,CURRENCY_DENOM,EXR_TYPE,EXR_SUFFIX,TIME_PERIOD,OBS_VALUE';
const PARAMETERS = ['startPeriod', 'endPeriod', 'format', 'detail'];
const MAX_AGE_SECONDS = 30;

/** The daily reference rates of the euro: https://data.ecb.europa.eu/help/api/data */
export const ecb: SimulatedProvider = {
  id: 'ecb',
  hosts: [HOST],
  answer: answerRates,
  errorFor: (status, request) => problem(status, request.path, 'An error occurred.'),
};

function problem(status: number, instance: string, detail: string): WireAnswer {
  const titles: Record<number, string> = { 400: 'Bad Request', 404: 'Not Found', 503: 'Service Unavailable' };
  const body = { type: instance, title: titles[status] ?? 'Internal Server Error', status, detail, instance };
  return { status, headers: { 'content-type': 'application/problem+json' }, body };
}

function readPeriod(request: WireRequest, name: string): string {
  const value = request.query.get(name) ?? '';
  if (value !== '' && findDay(value) === null) throw new NotSimulated(`${name}=${value}: only days are`);
  return value;
}

function answerRates(request: WireRequest, world: World): WireAnswer {
  const currencies = PATH.exec(request.path)?.[1];
  if (currencies === undefined) {
    if (!request.path.startsWith('/service/data/EXR/')) return problem(404, request.path, 'No results found.');
    throw new NotSimulated(`the series ${request.path.slice('/service/data/'.length)}`);
  }
  if (request.method !== 'GET') throw new NotSimulated(`${request.method} of a series`);
  for (const name of request.query.keys()) {
    if (!PARAMETERS.includes(name)) throw new NotSimulated(`the parameter ${name}`);
  }
  if (request.query.get('format') !== 'csvdata') throw new NotSimulated('a format other than csvdata');
  if (request.query.get('detail') !== 'dataonly') throw new NotSimulated('a detail other than dataonly');
  const asked = currencies === '' ? QUOTED_CURRENCIES : currencies.split('+');
  const found = ratesOfDays(readPeriod(request, 'startPeriod'), readPeriod(request, 'endPeriod'), world.clock.now());
  const rows = found
    .filter(({ currency }) => asked.includes(currency))
    .flatMap(({ currency, days }) =>
      days.map(([day, rate]) => `EXR.D.${currency}.EUR.SP00.A,D,${currency},EUR,SP00,A,${dateOf(day)},${rate}`),
    );
  // A period without observations is an empty answer.
  const body = rows.length === 0 ? '' : `${[HEADER, ...rows].join('\r\n')}\r\n`;
  const headers = {
    'content-type': 'application/vnd.sdmx.data+csv;version=1.0.0',
    'content-disposition': 'attachment;filename=data.csv',
    'cache-control': `max-age=${MAX_AGE_SECONDS}`,
  };
  return { status: 200, headers, body };
}

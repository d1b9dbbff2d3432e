import { describe, expect, it } from '@jest/globals';
import { ProviderUnavailable, TooMuchData } from '#integrations/errors.js';
import type { WireAnswer } from '#integrations/providers/wire.js';
import { type GraphRequest, metaApi } from './api.js';
import { readLists } from './lists.js';

const settings = {
  clientId: 'id',
  clientSecret: 'secret',
  graphBase: 'https://graph.example',
  dialogBase: 'https://dialog.example',
  version: 'v26.0',
  timeoutMs: 1000,
};

/** A Graph API whose batches are answered by `answerTo`; remembers how many questions each batch had. */
function apiThatAnswers(answerTo: (relativeUrl: string, batch: number) => unknown | null) {
  const sizes: number[] = [];
  const api = metaApi(settings, async ({ body }): Promise<WireAnswer> => {
    const batch = JSON.parse(new URLSearchParams(body).get('batch') ?? '') as { relative_url: string }[];
    sizes.push(batch.length);
    const parts = batch.map(({ relative_url }) => {
      const json = answerTo(relative_url, sizes.length);
      return json === null ? null : { code: 200, body: JSON.stringify(json) };
    });
    return { status: 200, headers: {}, json: parts };
  });
  return { api, sizes };
}

const requests = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ path: `act_${n}/campaigns`, query: {} }));

describe('batches of the Graph API', () => {
  it('hold 50 requests, answered by request', async () => {
    const { api, sizes } = apiThatAnswers((url) => ({ url }));
    const asked = requests(120);
    const found = await api.getAll(asked, 'token');
    const answers = asked.map((request) => found.get(request) as WireAnswer);
    expect(sizes).toEqual([50, 50, 20]);
    expect(answers.map(({ json }) => (json as { url: string }).url.split('/')[1])).toEqual(
      asked.map(({ path }) => path.split('/')[0]),
    );
  });

  it('repeat empty parts, once', async () => {
    const late = apiThatAnswers((url, batch) => (url.includes('act_1/') && batch === 1 ? null : { url }));
    const three = requests(3);
    const second = (await late.api.getAll(three, 'token')).get(three[1] as GraphRequest);
    expect(late.sizes).toEqual([3, 1]);
    expect(second).toMatchObject({ status: 200 });
    const never = apiThatAnswers((url) => (url.includes('act_1/') ? null : { url }));
    const [one, other] = requests(2) as [GraphRequest, GraphRequest];
    const answers = await never.api.getAll([one, other], 'token');
    expect(never.sizes).toEqual([2, 1]);
    expect(answers.get(one)).toMatchObject({ status: 200 });
    expect(answers.get(other)).toBeInstanceOf(TooMuchData);
  });

  it('read several lists to their ends together, whatever address the next page claims', async () => {
    const { api, sizes } = apiThatAnswers((url) => {
      const after = new URL(url, 'https://graph.example').searchParams.get('after');
      if (url.includes('act_0/') || after === 'b') return { data: [after ?? 'only'] };
      const paging = { cursors: { after: after ? 'b' : 'a' }, next: 'https://elsewhere.example/steal' };
      return { data: [after ?? 'first'], paging };
    });
    expect([...(await readLists(api, requests(2), 'token')).values()]).toEqual([['only'], ['first', 'a', 'b']]);
    expect(sizes).toEqual([2, 1, 1]);
  });

  it('detect pages in a circle', async () => {
    const { api } = apiThatAnswers(() => ({
      data: [1],
      paging: { cursors: { after: 'a' }, next: 'https://x.example' },
    }));
    const [answer] = [...(await readLists(api, requests(1), 'token')).values()];
    expect(answer).toBeInstanceOf(ProviderUnavailable);
  });
});

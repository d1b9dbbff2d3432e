import { describe, expect, it } from '@jest/globals';
import { parseRestliValue, RestliSyntaxError } from './parse-value.js';

describe('a Rest.li value', () => {
  it.each([
    ['analytics', 'analytics'],
    ["''", ''],
    ['a%2Cb%20c+d', 'a,b c+d'],
    ['%E5%A4%8F', '夏'],
    ['List()', []],
    ['List(1,2)', ['1', '2']],
    ['List(urn%3Ali%3AsponsoredCampaign%3A1)', ['urn:li:sponsoredCampaign:1']],
    ['(start:(year:2026,month:1),end:(year:2027))', { start: { year: '2026', month: '1' }, end: { year: '2027' } }],
    ['(status:(values:List(ACTIVE,PAUSED)),test:false)', { status: { values: ['ACTIVE', 'PAUSED'] }, test: 'false' }],
    ['(name:O%27Neill%20%28US%29)', { name: "O'Neill (US)" }],
    ['List(List(a),(k:v))', [['a'], { k: 'v' }]],
    // An encoded bracket is text: whoever encodes the structure sends a text instead of it.
    ['%28year%3A2026%29', '(year:2026)'],
    ['List%28a%29', 'List(a)'],
  ])('%s is read', (text, value) => {
    expect(parseRestliValue(text)).toEqual(value);
  });

  it.each([
    'urn:li:sponsoredCampaign:1',
    'List(urn:li:sponsoredCampaign:1)',
    'List(1,2',
    'List(1,)',
    'List(1)2',
    'a,b',
    '(year:2026',
    '(year)',
    '(year:)',
    '(a:1,a:2)',
    "it's",
    '%E5%A4',
    '(start%3A(year:2026))',
  ])('%s is refused', (text) => {
    expect(() => parseRestliValue(text)).toThrow(RestliSyntaxError);
  });
});

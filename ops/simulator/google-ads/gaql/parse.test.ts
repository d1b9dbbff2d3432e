import { describe, expect, it } from '@jest/globals';
import { parseGaql } from './parse.js';
import { GaqlError } from './query.js';

function codeOf(query: string): string {
  try {
    parseGaql(query);
  } catch (error) {
    if (error instanceof GaqlError) return error.code;
    throw error;
  }
  return 'accepted';
}

describe('parseGaql', () => {
  it('reads all clauses, whatever the case of the keywords', () => {
    const query = parseGaql(
      "select campaign.id, metrics.clicks FROM campaign WHERE campaign.id IN (9007199254740993, 2) and campaign.name LIKE '%O\\'Hara%' " +
        "AND segments.date BETWEEN '2026-10-01' AND '2026-10-31' AND campaign.end_date_time IS NOT NULL " +
        'ORDER BY metrics.clicks DESC, campaign.id LIMIT 5 PARAMETERS include_drafts=true, omit_unselected_resource_names = true',
    );
    expect(query).toEqual({
      select: ['campaign.id', 'metrics.clicks'],
      from: 'campaign',
      where: [
        {
          field: 'campaign.id',
          operator: 'IN',
          values: [
            { kind: 'number', text: '9007199254740993' },
            { kind: 'number', text: '2' },
          ],
        },
        { field: 'campaign.name', operator: 'LIKE', values: [{ kind: 'string', text: "%O'Hara%" }] },
        {
          field: 'segments.date',
          operator: 'BETWEEN',
          values: [
            { kind: 'string', text: '2026-10-01' },
            { kind: 'string', text: '2026-10-31' },
          ],
        },
        { field: 'campaign.end_date_time', operator: 'IS NOT NULL', values: [] },
      ],
      orderBy: [
        { field: 'metrics.clicks', descending: true },
        { field: 'campaign.id', descending: false },
      ],
      limit: 5,
      parameters: { include_drafts: 'true', omit_unselected_resource_names: 'true' },
    });
  });

  it.each([
    ['FROM campaign', 'EXPECTED_SELECT'],
    ['SELECT campaign.id', 'UNEXPECTED_END_OF_QUERY'],
    ['SELECT campaign.id WHERE campaign.id = 1', 'EXPECTED_FROM'],
    ['SELECT FROM campaign', 'BAD_FIELD_NAME'],
    ['SELECT campaign.id, FROM campaign', 'BAD_FIELD_NAME'],
    ['SELECT campaign.id FROM campaign WHERE', 'UNEXPECTED_END_OF_QUERY'],
    ['SELECT campaign.id FROM campaign WHERE campaign.id', 'UNEXPECTED_END_OF_QUERY'],
    ['SELECT campaign.id FROM campaign WHERE campaign.id = 1 OR campaign.id = 2', 'EXPECTED_AND'],
    ['SELECT campaign.id FROM campaign WHERE campaign.id NEAR 1', 'BAD_OPERATOR'],
    ['SELECT campaign.id FROM campaign WHERE campaign.id IN 1', 'EXPECTED_LIST'],
    ['SELECT campaign.id FROM campaign WHERE campaign.id IN ()', 'PROHIBITED_EMPTY_LIST_IN_CONDITION'],
    ['SELECT campaign.id FROM campaign WHERE campaign.id = (1)', 'EXPECTED_SINGLE_VALUE'],
    ["SELECT campaign.id FROM campaign WHERE segments.date BETWEEN '2026-10-01'", 'UNEXPECTED_END_OF_QUERY'],
    ["SELECT campaign.id FROM campaign WHERE campaign.name = 'open", 'STRING_NOT_TERMINATED'],
    ["SELECT campaign.id FROM campaign WHERE campaign.name = 'a\\q'", 'BAD_ESCAPE_SEQUENCE'],
    ['SELECT campaign.id FROM campaign; DROP', 'BAD_SYMBOL'],
    ['SELECT campaign.id FROM campaign LIMIT 0', 'LIMIT_VALUE_TOO_LOW'],
    ['SELECT campaign.id FROM campaign LIMIT many', 'BAD_LIMIT_VALUE'],
    ['SELECT campaign.id FROM campaign ORDER campaign.id', 'EXPECTED_BY'],
    ['SELECT campaign.id FROM campaign PARAMETERS speed=9', 'BAD_PARAMETER_NAME'],
    ['SELECT campaign.id FROM campaign LIMIT 1 WHERE campaign.id = 1', 'UNEXPECTED_INPUT'],
  ])('refuses %s with %s', (query, code) => {
    expect(codeOf(query)).toBe(code);
  });
});

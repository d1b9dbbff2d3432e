import { type Condition, GaqlError, type Literal, type Operator, type Query } from './query.js';
import { type GaqlToken, tokenise } from './tokenise.js';

const PARAMETERS: Record<string, RegExp> = {
  include_drafts: /^(true|false)$/,
  omit_unselected_resource_names: /^(true|false)$/,
};
const CLAUSE_WORDS = /^(SELECT|FROM|WHERE|ORDER|LIMIT|PARAMETERS|AND)$/i;

/** Parses a Google Ads query: https://developers.google.com/google-ads/api/docs/query/grammar */
export function parseGaql(text: string): Query {
  return new Parser(tokenise(text)).query();
}

class Parser {
  #at = 0;
  readonly #tokens: readonly GaqlToken[];

  constructor(tokens: readonly GaqlToken[]) {
    this.#tokens = tokens;
  }

  query(): Query {
    this.#demand('SELECT', 'EXPECTED_SELECT');
    const select = this.#list(() => this.#field());
    this.#demand('FROM', 'EXPECTED_FROM');
    const from = this.#field();
    const where = this.#accept('WHERE') ? this.#conditions() : [];
    const orderBy = this.#accept('ORDER') ? this.#ordering() : [];
    const limit = this.#accept('LIMIT') ? this.#limit() : null;
    const parameters = this.#accept('PARAMETERS') ? this.#parameters() : {};
    const rest = this.#peek();
    if (rest) throw new GaqlError('UNEXPECTED_INPUT', `Error in query: unexpected input ${rest.text}.`, rest.text);
    return { select, from, where, orderBy, limit, parameters };
  }

  #conditions(): Condition[] {
    const conditions = [this.#condition()];
    while (this.#accept('AND')) conditions.push(this.#condition());
    const next = this.#peek();
    if (next && !/^(ORDER|LIMIT|PARAMETERS)$/i.test(next.text)) {
      throw new GaqlError('EXPECTED_AND', `Error in query: expected AND before ${next.text}.`, next.text);
    }
    return conditions;
  }

  #condition(): Condition {
    const field = this.#field();
    const operator = this.#operator();
    switch (operator) {
      case 'IS NULL':
      case 'IS NOT NULL':
        return { field, operator, values: [] };
      case 'BETWEEN': {
        const low = this.#literal();
        this.#demand('AND', 'EXPECTED_VALUE_WITH_BETWEEN_OPERATOR');
        return { field, operator, values: [low, this.#literal()] };
      }
      case 'IN':
      case 'NOT IN':
      case 'CONTAINS ANY':
      case 'CONTAINS ALL':
      case 'CONTAINS NONE':
        return { field, operator, values: this.#literals() };
      default:
        if (this.#peek()?.kind === 'symbol' && this.#peek()?.text === '(')
          throw new GaqlError('EXPECTED_SINGLE_VALUE', `Error in query: ${operator} takes a single value.`);
        return { field, operator, values: [this.#literal()] };
    }
  }

  #operator(): Operator {
    const token = this.#next();
    const word = token.text.toUpperCase();
    if (token.kind === 'symbol' && /^[=<>]|^!=/.test(word)) return word as Operator;
    switch (word) {
      case 'IN':
      case 'LIKE':
      case 'DURING':
      case 'BETWEEN':
      case 'REGEXP_MATCH':
        return word;
      case 'NOT': {
        const negated = this.#next().text.toUpperCase();
        if (negated === 'IN' || negated === 'LIKE' || negated === 'REGEXP_MATCH') return `NOT ${negated}`;
        break;
      }
      case 'CONTAINS': {
        const quantity = this.#next().text.toUpperCase();
        if (quantity === 'ANY' || quantity === 'ALL' || quantity === 'NONE') return `CONTAINS ${quantity}`;
        break;
      }
      case 'IS': {
        const negated = this.#accept('NOT');
        this.#demand('NULL', 'BAD_OPERATOR');
        return negated ? 'IS NOT NULL' : 'IS NULL';
      }
    }
    throw new GaqlError('BAD_OPERATOR', `Error in query: ${token.text} is not an operator.`, token.text);
  }

  #literals(): Literal[] {
    if (this.#next().text !== '(')
      throw new GaqlError('EXPECTED_LIST', 'Error in query: expected a list in parentheses.');
    if (this.#peek()?.text === ')')
      throw new GaqlError('PROHIBITED_EMPTY_LIST_IN_CONDITION', 'Error in query: the list is empty.');
    const values = this.#list(() => this.#literal());
    const close = this.#next();
    if (close.text !== ')')
      throw new GaqlError('EXPECTED_LIST', `Error in query: unexpected ${close.text} in a list.`, close.text);
    return values;
  }

  #literal(): Literal {
    const { kind, text } = this.#next();
    if (kind === 'symbol') throw new GaqlError('BAD_VALUE', `Error in query: ${text} is not a value.`, text);
    return { kind, text };
  }

  #ordering(): Query['orderBy'] {
    this.#demand('BY', 'EXPECTED_BY');
    return this.#list(() => {
      const field = this.#field();
      if (this.#accept('DESC')) return { field, descending: true };
      this.#accept('ASC');
      return { field, descending: false };
    });
  }

  #limit(): number {
    const { text } = this.#next();
    if (!/^-?\d+$/.test(text)) throw new GaqlError('BAD_LIMIT_VALUE', `Error in query: ${text} is not a limit.`, text);
    if (Number(text) < 1)
      throw new GaqlError('LIMIT_VALUE_TOO_LOW', 'Error in query: the limit must be at least 1.', text);
    return Number(text);
  }

  #parameters(): Record<string, string> {
    return Object.fromEntries(
      this.#list(() => {
        const name = this.#next().text;
        const allowed = PARAMETERS[name];
        if (!allowed) throw new GaqlError('BAD_PARAMETER_NAME', `Error in query: ${name} is not a parameter.`, name);
        if (this.#next().text !== '=')
          throw new GaqlError('BAD_PARAMETER_VALUE', `Error in query: expected = after ${name}.`, name);
        const value = this.#next().text.toLowerCase();
        if (!allowed.test(value))
          throw new GaqlError('BAD_PARAMETER_VALUE', `Error in query: bad value for ${name}.`, value);
        return [name, value];
      }),
    );
  }

  #field(): string {
    const { kind, text } = this.#next();
    if (kind !== 'word' || CLAUSE_WORDS.test(text))
      throw new GaqlError('BAD_FIELD_NAME', `Error in query: ${text} is not a field name.`, text);
    return text;
  }

  #list<T>(item: () => T): T[] {
    const items = [item()];
    while (this.#peek()?.text === ',' && this.#peek()?.kind === 'symbol') {
      this.#at += 1;
      items.push(item());
    }
    return items;
  }

  #peek(): GaqlToken | undefined {
    return this.#tokens[this.#at];
  }

  #next(): GaqlToken {
    const token = this.#peek();
    if (!token) throw new GaqlError('UNEXPECTED_END_OF_QUERY', 'Error in query: unexpected end of query.');
    this.#at += 1;
    return token;
  }

  #accept(word: string): boolean {
    const token = this.#peek();
    if (token?.kind !== 'word' || token.text.toUpperCase() !== word) return false;
    this.#at += 1;
    return true;
  }

  #demand(word: string, code: string): void {
    if (this.#accept(word)) return;
    const token = this.#next();
    throw new GaqlError(code, `Error in query: expected ${word} before ${token.text}.`, token.text);
  }
}

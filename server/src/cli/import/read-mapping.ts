import { IANAZone } from 'luxon';
import {
  conditionOperators,
  type ConditionOperator,
  type MappedCondition,
  type MappedEvent,
  type MappedTime,
  type MappedValue,
  type Mapping,
  type ValueType,
} from './mapping.js';

export type MappingResult =
  | { readonly ok: true; readonly mapping: Mapping }
  /** Whole sentences, each with the path it speaks of. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** Checks a mapping file and fills in its defaults. Reports all problems together. */
export function readMapping(text: string): MappingResult {
  let source: unknown;
  try {
    source = JSON.parse(text);
  } catch (error) {
    return { ok: false, problems: [`The mapping is not JSON: ${(error as Error).message}.`] };
  }
  const reader = new MappingReader();
  const mapping = reader.mapping(source);
  return reader.problems.length === 0 ? { ok: true, mapping } : { ok: false, problems: reader.problems };
}

type Fields = Readonly<Record<string, unknown>>;
const valueTypes: readonly string[] = ['string', 'number', 'integer', 'boolean'] satisfies ValueType[];
const column = 'Name a column of the file.';

/** Goes on after a problem, with a stand-in, so that one pass finds them all. */
class MappingReader {
  readonly problems: string[] = [];

  mapping(source: unknown): Mapping {
    const fields = this.#fields(source, 'The mapping', ['format', 'delimiter', 'user', 'event']);
    const { format, delimiter } = fields;
    if (format !== undefined && format !== 'csv' && format !== 'ndjson') {
      this.#problem('format', 'is neither "csv" nor "ndjson".', 'Leave it out to tell it from the name of the file.');
    }
    if (delimiter !== undefined && (typeof delimiter !== 'string' || delimiter.length !== 1)) {
      this.#problem('delimiter', 'is not a single character.', 'Write "," or ";" or "\\t".');
    }
    return {
      ...(format === undefined ? {} : { format: format as 'csv' | 'ndjson' }),
      ...(delimiter === undefined ? {} : { delimiter: delimiter as string }),
      user: this.#user(fields['user']),
      ...(fields['event'] === undefined ? {} : { event: this.#event(fields['event']) }),
    };
  }

  #user(source: unknown): Mapping['user'] {
    if (source === undefined)
      this.#problem('user', 'is missing.', 'Say which column identifies the user: { "id": "..." }.');
    const fields = source === undefined ? {} : this.#fields(source, 'user', ['id', 'attributes', 'tags']);
    const tags = fields['tags'] ?? [];
    if (!isTextList(tags)) this.#problem('user.tags', 'is not a list of tags.', 'Write it like ["imported"].');
    return {
      id: source === undefined ? { constant: '' } : this.#value(fields['id'], 'user.id'),
      attributes: this.#values(fields['attributes'], 'user.attributes'),
      tags: isTextList(tags) ? tags : [],
    };
  }

  #event(source: unknown): MappedEvent {
    const fields = this.#fields(source, 'event', ['name', 'id', 'at', 'properties', 'when']);
    const { name, id } = fields;
    if (id !== undefined && !isText(id)) {
      this.#problem('event.id', 'is not a template.', 'Write it like "{InvoiceNo}:{line}".');
    }
    return {
      // A name is nearly always the same for all rows, so here a string is the name itself.
      name: isText(name) ? { constant: name } : this.#value(name, 'event.name'),
      ...(isText(id) ? { id } : {}),
      at: this.#time(fields['at']),
      properties: this.#values(fields['properties'], 'event.properties'),
      ...(fields['when'] === undefined ? {} : { when: this.#condition(fields['when']) }),
    };
  }

  #time(source: unknown): MappedTime {
    const fields = isText(source) ? { column: source } : this.#fields(source, 'event.at', ['column', 'format', 'zone']);
    const { format = 'iso', zone = 'UTC' } = fields as Fields;
    if (!isText(fields['column']))
      this.#problem('event.at.column', 'is missing.', 'Name the column with the time of the event.');
    if (!isText(format)) {
      this.#problem(
        'event.at.format',
        'is not a format.',
        'Write "iso", "unixSeconds", "unixMilliseconds" or tokens such as "yyyy-MM-dd HH:mm:ss".',
      );
    }
    if (!isText(zone) || !IANAZone.isValidZone(zone)) {
      this.#problem(
        'event.at.zone',
        `is not a known time zone: ${JSON.stringify(zone)}.`,
        'Write an IANA name such as "Europe/London".',
      );
    }
    return { column: String(fields['column']), format: String(format), zone: String(zone) };
  }

  #condition(source: unknown): MappedCondition {
    const fields = this.#fields(source, 'event.when', ['column', 'operator', 'value']);
    const { operator, value } = fields;
    if (!isText(fields['column'])) this.#problem('event.when.column', 'is missing.', column);
    if (!conditionOperators.some((known) => known === operator)) {
      this.#problem('event.when.operator', 'is not an operator.', `Use one of ${conditionOperators.join(', ')}.`);
    } else if (operator === 'exists' ? value !== undefined : !isScalar(value)) {
      const remedy = operator === 'exists' ? 'Leave it out with "exists".' : 'Give text, a number or a boolean.';
      this.#problem('event.when.value', 'does not fit the operator.', remedy);
    }
    return {
      column: String(fields['column']),
      operator: operator as ConditionOperator,
      ...(isScalar(value) ? { value } : {}),
    };
  }

  #values(source: unknown, path: string): Record<string, MappedValue> {
    if (source === undefined) return {};
    const entries = Object.entries(this.#fields(source, path, null));
    return Object.fromEntries(entries.map(([name, value]) => [name, this.#value(value, `${path}.${name}`)]));
  }

  #value(source: unknown, path: string): MappedValue {
    if (isText(source)) return { column: source };
    const fields = this.#fields(source, path, ['column', 'type', 'product', 'constant', 'template']);
    const kinds = ['column', 'product', 'constant', 'template'].filter((kind) => fields[kind] !== undefined);
    const [kind] = kinds;
    if (kinds.length !== 1) {
      if (isFields(source))
        this.#problem(path, 'does not say what it is.', 'Give exactly one of column, product, constant, template.');
      return { constant: '' };
    }
    if (fields['type'] !== undefined && kind !== 'column') {
      this.#problem(`${path}.type`, 'stands without a column.', 'Take it away: only cells are converted.');
    }
    if (kind === 'product') return this.#product(fields['product'], path);
    if (kind === 'constant') {
      if (!isScalar(fields['constant']))
        this.#problem(`${path}.constant`, 'is not text, a number or a boolean.', 'Write one of these.');
      return { constant: fields['constant'] as string };
    }
    if (!isText(fields[kind!]))
      this.#problem(`${path}.${kind}`, 'is not text.', kind === 'column' ? column : 'Write text with {column} in it.');
    if (kind === 'template') return { template: String(fields['template']) };
    const type = fields['type'];
    if (type !== undefined && !(isText(type) && valueTypes.includes(type))) {
      this.#problem(`${path}.type`, 'is not a type.', `Use one of ${valueTypes.join(', ')}.`);
    }
    return { column: String(fields['column']), ...(type === undefined ? {} : { type: type as ValueType }) };
  }

  #product(columns: unknown, path: string): MappedValue {
    if (isTextList(columns) && columns.length >= 2) return { product: columns };
    this.#problem(
      `${path}.product`,
      'is not a list of two columns or more.',
      'Write it like ["Quantity", "UnitPrice"].',
    );
    return { constant: '' };
  }

  /** An object whose fields are all known (`allowed` null: any). */
  #fields(source: unknown, path: string, allowed: readonly string[] | null): Fields {
    if (!isFields(source)) {
      this.#problem(
        path,
        source === undefined ? 'is missing.' : 'is not an object.',
        'See docs/cli.md for the shape of a mapping.',
      );
      return {};
    }
    for (const name of Object.keys(source)) {
      if (allowed !== null && !allowed.includes(name)) {
        const where = path === 'The mapping' ? name : `${path}.${name}`;
        this.#problem(where, 'is not known.', `Known here: ${allowed.join(', ')}.`);
      }
    }
    return source;
  }

  #problem(path: string, wrong: string, remedy: string): void {
    this.problems.push(`${path} ${wrong} ${remedy}`);
  }
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isTextList = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText);
const isScalar = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value);

import { type Schema, Validator } from '@cfworker/json-schema';
import type { TaskType } from '@xflow/schemas';
import type { Variables } from '../json.js';
import { type Entry, objectConstant } from '../expressions/template.js';
import type { ConfigSchema } from './config-literal.js';

const containers: ReadonlySet<string> = new Set(['properties', 'additionalProperties', 'items', '$ref']);

/** Checks configurations of one task type against its JSON Schema (2020-12). */
export class TaskConfigSchema {
  private readonly whole: Validator;
  private readonly parts = new Map<string, Validator>();
  /** Of configurations without expressions, which are the same frozen object at every visit. */
  private readonly ofConstants = new WeakMap<Variables, readonly string[]>();
  readonly schema: ConfigSchema;

  constructor(private readonly taskType: TaskType) {
    this.schema = taskType.schema as ConfigSchema;
    this.whole = validator(taskType.schema);
  }

  property(name: string): ConfigSchema | undefined {
    const { properties } = this.schema;
    return properties && Object.hasOwn(properties, name) ? properties[name] : undefined;
  }

  /** Entries for the properties that the schema gives a default, and the diagram no value. */
  defaults(given: readonly Entry[]): Entry[] {
    const names = new Set(given.map(([name]) => name));
    return Object.entries(this.schema.properties ?? {}).flatMap(([name, property]): Entry[] =>
      property.default === undefined || names.has(name) ? [] : [[name, { constant: property.default }]],
    );
  }

  /** What is wrong with an evaluated configuration, as whole sentences. */
  check(config: Variables): readonly string[] {
    const known = this.ofConstants.get(config);
    if (known !== undefined) return known;
    const problems = [...this.checkNames(Object.keys(config)), ...this.sentences(this.whole, config)];
    if (Object.isFrozen(config)) this.ofConstants.set(config, problems);
    return problems;
  }

  /** What is wrong with a configuration that is not evaluated yet: names, what is missing, and the constants. */
  checkEntries(entries: readonly Entry[]): readonly string[] {
    const constant = objectConstant(entries);
    if (constant) return this.check(constant);
    return [
      ...this.checkNames(entries.map(([name]) => name)),
      ...entries.flatMap(([name, leaf]) =>
        'constant' in leaf && this.property(name) ? this.sentences(this.part(name), leaf.constant, name) : [],
      ),
    ];
  }

  private checkNames(given: readonly string[]): readonly string[] {
    const { type } = this.taskType;
    const { required = [], properties = {}, additionalProperties } = this.schema;
    const unknown = additionalProperties === false ? given.filter((name) => !Object.hasOwn(properties, name)) : [];
    return [
      ...required
        .filter((name) => !given.includes(name))
        .map((name) => `The configuration of ${type} lacks "${name}".`),
      ...unknown.map(
        (name) =>
          `The configuration of ${type} has no entry "${name}"; it knows ${Object.keys(properties).join(', ') || 'none'}.`,
      ),
    ];
  }

  private sentences(checker: Validator, value: unknown, name?: string): readonly string[] {
    return checker
      .validate(value)
      .errors.filter(({ keyword, instanceLocation }) => {
        // Containers repeat what their parts say, and names were checked before, in better words.
        const atTop = name === undefined && instanceLocation.split('/').length <= (keyword === 'false' ? 2 : 1);
        return !containers.has(keyword) && !(atTop && (keyword === 'required' || keyword === 'false'));
      })
      .map(({ instanceLocation, error }) => {
        const place = [...(name === undefined ? [] : [name]), ...instanceLocation.split('/').slice(1)].join('.');
        return `The configuration of ${this.taskType.type} is wrong${place === '' ? '' : ` at "${place}"`}: ${error}`;
      });
  }

  private part(name: string): Validator {
    let part = this.parts.get(name);
    if (!part) {
      part = validator({
        ...this.property(name),
        ...(this.schema.$defs === undefined ? {} : { $defs: this.schema.$defs }),
      });
      this.parts.set(name, part);
    }
    return part;
  }
}

function validator(schema: object): Validator {
  // The identity of the schema plays no role here, and equal ones would clash.
  const { $id: _, ...anonymous } = schema as Schema;
  return new Validator(anonymous, '2020-12', false);
}

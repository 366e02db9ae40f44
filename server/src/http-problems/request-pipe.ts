import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { getMetadataStorage, validate } from 'class-validator';
import { fieldPath, jsonBoundsProblems } from './json-bounds.js';
import { InvalidRequestError, type ProblemDetail } from './problem-error.js';
import { validationProblems } from './validation-problems.js';

type Constructor = new () => object;

/**
 * Turns bodies, queries and path parameters into what the handler declares, or refuses them with every problem found.
 *
 * A parameter whose type is a class with class-validator decorators is checked by them; fields that the class does not
 * know are refused, and null stands for a field that is left out unless the API tells otherwise. Fields without a class of their own are taken as they stand: a user's attributes are data, in
 * which a name such as `constructor` means nothing. For that reason the instances are built here and not by
 * `plainToInstance`, of which only the `@Type` decorator is used: for nested classes, and for numbers, booleans and lists in queries.
 */
@Injectable()
export class RequestPipe implements PipeTransform {
  async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type === 'custom') return value;
    const root = metadata.type === 'param' && metadata.data !== undefined ? `$.${metadata.data}` : '$';
    const problems = jsonBoundsProblems(value, root);
    if (problems.length > 0) throw new InvalidRequestError(problems);
    const type = metadata.metatype as Constructor | undefined;
    if (type === undefined || !isRequestClass(type)) return value;
    if (!isPlainObject(value)) {
      throw new InvalidRequestError([
        {
          field: '$',
          message: 'The body is not a JSON object.',
          remedy: 'Send an object with content type application/json.',
        },
      ]);
    }
    const instance = instantiate(type, value, '$', metadata.type === 'query', problems);
    problems.push(...validationProblems(await validate(instance, { stopAtFirstError: true })));
    if (problems.length > 0) throw new InvalidRequestError(problems);
    return instance;
  }
}

function isRequestClass(type: Constructor): boolean {
  return fieldsOf(type).size > 0;
}

const fieldsByClass = new Map<Constructor, ReadonlySet<string>>();
function fieldsOf(type: Constructor): ReadonlySet<string> {
  let fields = fieldsByClass.get(type);
  if (fields === undefined) {
    const metadatas = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
    fields = new Set(metadatas.map((metadata) => metadata.propertyName));
    fieldsByClass.set(type, fields);
  }
  return fields;
}

/** An instance of `type` with the known fields of `plain`; the unknown ones become problems. */
function instantiate(
  type: Constructor,
  plain: Readonly<Record<string, unknown>>,
  path: string,
  fromText: boolean,
  problems: ProblemDetail[],
): object {
  const instance = new type() as Record<string, unknown>;
  const fields = fieldsOf(type);
  for (const [key, value] of Object.entries(plain)) {
    if (!fields.has(key)) {
      problems.push({
        field: fieldPath(path, key),
        message: 'The field is unknown.',
        remedy: `Leave it out; the fields here are ${[...fields].sort().join(', ')}.`,
      });
      continue;
    }
    // Many write null for what they leave out.
    if (value === null && !isNullable(type, key)) continue;
    const inner = defaultMetadataStorage.findTypeMetadata(type, key)?.typeFunction() as Constructor | undefined;
    instance[key] = inner === undefined ? value : typed(inner, value, fieldPath(path, key), fromText, problems);
  }
  return instance;
}

/** Whether the API tells that the field may be null, which is then not the same as left out. */
function isNullable(type: Constructor, field: string): boolean {
  const told = Reflect.getMetadata('swagger/apiModelProperties', type.prototype as object, field) as
    { readonly nullable?: boolean } | undefined;
  return told?.nullable === true;
}

function typed(type: Constructor, value: unknown, path: string, fromText: boolean, problems: ProblemDetail[]): unknown {
  if (isBasic(type, Number)) {
    return fromText && typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  }
  if (isBasic(type, Boolean)) {
    return fromText && (value === 'true' || value === 'false') ? value === 'true' : value;
  }
  // A query that names a list once gives it as a text.
  if (isBasic(type, Array)) return fromText && typeof value === 'string' ? [value] : value;
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => typed(type, item, `${path}[${index}]`, fromText, problems));
  }
  return isPlainObject(value) ? instantiate(type, value, path, fromText, problems) : value;
}

function isBasic(type: unknown, basic: unknown): boolean {
  return type === basic;
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

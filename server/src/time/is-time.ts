import { registerDecorator, type ValidationOptions } from 'class-validator';
import { parseTime } from './parse-time.js';

/** class-validator: an RFC 3339 time, or a date. */
export function IsTime(options?: ValidationOptions): PropertyDecorator {
  return (target, propertyName) => {
    registerDecorator({
      name: 'isTime',
      target: target.constructor,
      propertyName: String(propertyName),
      ...(options === undefined ? {} : { options }),
      validator: {
        validate: (value) => typeof value === 'string' && parseTime(value) !== null,
        defaultMessage: () => '$property must be an RFC 3339 time such as 2026-01-05T09:00:00Z',
      },
    });
  };
}

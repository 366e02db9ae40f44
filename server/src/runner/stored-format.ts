import { UnavailableError } from '../http-problems/problem-error.js';

/**
 * Number of the form in which this version writes what instances, definitions and jobs are stored as. It is raised by a version that writes what the one
 * before it cannot read: a field of a state, an element, an input. Every row tells the form of who wrote it. A server leaves rows of a higher number
 * to servers of a newer version, which may run beside it during a deploy; it reads all lower ones.
 */
export const storedFormat: number = 1;

/** Something is stored in the form of a newer version. HTTP: 503, for a server of that version answers the same request. */
export class NewerFormatError extends UnavailableError {
  /** @param what for people: `Instance 4711`, `Version 3 of workflow "journey"` */
  constructor(
    what: string,
    readonly format: number,
  ) {
    super(
      `${what} is stored in form ${format} of a newer version of xflow, and this server reads forms up to ${storedFormat}. ` +
        'Send the request again: a server of the newer version will answer it. Where none runs any more, start one.',
    );
  }
}

/** @throws {NewerFormatError} when this version cannot read the instance. */
export function checkReadable(instanceId: string, format: number): void {
  if (format > storedFormat) throw new NewerFormatError(`Instance ${instanceId}`, format);
}

/** Instances of a batch that only a newer version can go on with, and the form that they need. The batch runs again without them. */
export class NewerInstancesError extends Error {
  constructor(readonly formats: ReadonlyMap<string, number>) {
    super(`Instances ${[...formats.keys()].join(', ')} need a newer version.`);
    this.name = 'NewerInstancesError';
  }
}

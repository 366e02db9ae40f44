/** The parameters of one statement: values never stand in the text of the SQL. */
export class SqlParameters {
  readonly values: unknown[] = [];

  /** @returns the placeholder of the value, cast to `type`: `$3::text` */
  add(value: unknown, type: string): string {
    this.values.push(value);
    return `$${this.values.length}::${type}`;
  }
}

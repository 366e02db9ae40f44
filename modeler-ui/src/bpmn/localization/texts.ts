/** Diagram service `texts`: the console's own texts, in the language of the moment. */
export interface Texts {
  t(key: string, parameters?: Readonly<Record<string, unknown>>): string;
  has(key: string): boolean;
}

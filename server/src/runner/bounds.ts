/** What an operator may set otherwise: `XFLOW_BOUNDS="state=2000000,call-depth=20"`. docs/bounds.md tells what happens at each of them. */
const settable = {
  /** Characters of JSON that the state of an instance takes. */
  state: { usual: 1_000_000, least: 10_000, most: 50_000_000 },
  /** Characters of JSON that the variables of a message take. */
  message: { usual: 250_000, least: 1_000, most: 8_000_000 },
  /** Steps that an instance takes in its whole life. */
  steps: { usual: 100_000, least: 100, most: 100_000_000 },
  /** Call activities that stand above an instance. */
  'call-depth': { usual: 50, least: 1, most: 1_000 },
  /** Requests that wait for a batch. */
  queue: { usual: 10_000, least: 100, most: 1_000_000 },
  /** Milliseconds that the oldest of them waits before further ones are refused. */
  'queue-wait': { usual: 2_000, least: 10, most: 60_000 },
};

export type Bounds = Readonly<Record<keyof typeof settable, number>>;

/** @throws an Error that names everything wrong with the text, and the remedy. */
export function parseBounds(text: string): Bounds {
  const bounds = Object.fromEntries(Object.entries(settable).map(([name, { usual }]) => [name, usual]));
  const problems: string[] = [];
  for (const part of text.split(',').map((raw) => raw.trim())) {
    if (part === '') continue;
    const [, name = '', number] = /^([a-z-]+)=(\d{1,9})$/.exec(part) ?? [];
    const bound = Object.hasOwn(settable, name) ? settable[name as keyof Bounds] : undefined;
    if (bound === undefined)
      problems.push(`"${part}" is no bound. Write name=number; the names are ${Object.keys(settable).join(', ')}.`);
    else if (Number(number) < bound.least || Number(number) > bound.most)
      problems.push(`"${part}" is out of range. Let ${name} be ${bound.least} to ${bound.most}.`);
    else bounds[name] = Number(number);
  }
  if (problems.length > 0) throw new Error(`XFLOW_BOUNDS cannot be used: ${problems.join(' ')}`);
  return bounds as Bounds;
}

let known: Bounds | undefined;

/** The bounds of this process. @throws as {@link parseBounds}: at the first use, which is when the server starts. */
export const bounds = (): Bounds => (known ??= parseBounds(process.env['XFLOW_BOUNDS'] ?? ''));

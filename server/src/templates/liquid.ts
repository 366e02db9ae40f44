import { Liquid, type Template as ParsedTemplate } from 'liquidjs';

/** How output is escaped: for HTML, inside of JSON strings, or (in a subject, which is plain text) not at all. */
export type Escaping = 'html' | 'json' | 'text';

/** Templates come from people and see data from outside: nothing is read from files, and time and memory are bounded. */
const bounds = {
  ownPropertyOnly: true,
  strictFilters: true,
  // Characters parsed, milliseconds of a rendering, and what its strings and arrays may amount to.
  parseLimit: 500_000,
  renderLimit: 500,
  memoryLimit: 5_000_000,
  templates: {},
} as const;

const engines: Readonly<Record<Escaping, Liquid>> = {
  html: engine({ outputEscape: 'escape' }),
  json: engine({ outputEscape: (value: unknown) => JSON.stringify(String(value ?? '')).slice(1, -1) }),
  text: engine({}),
};

function engine(options: ConstructorParameters<typeof Liquid>[0]): Liquid {
  const liquid = new Liquid({ ...bounds, ...options });
  for (const tag of ['include', 'render', 'layout', 'block']) Reflect.deleteProperty(liquid.tags, tag);
  return liquid;
}

/** @throws an Error that tells what is wrong with the template, and in which line */
export function parseLiquid(source: string, escaping: Escaping): ParsedTemplate[] {
  return engines[escaping].parse(source);
}

/** @throws an Error when the template fails on this data, or exceeds its bounds */
export async function renderLiquid(template: ParsedTemplate[], escaping: Escaping, data: object): Promise<string> {
  return (await engines[escaping].render(template, data)) as string;
}

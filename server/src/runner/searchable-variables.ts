import type { Json } from '@xflow/engine';
import type { LiveInstance } from './live-instance.js';
import type { SearchableRow } from './sql/save-variables.js';

/** Longest text by which an instance is found; of a longer one, what stands before. */
const longest = 500;

/** What is to be found of an instance that the batch has moved; nothing where no such variable was set. */
export function searchableRows({ definition, state, steps, subjectId, id, migrated }: LiveInstance): SearchableRow[] {
  const { searchable, key } = definition;
  const root = state.scopes[0];
  if (searchable.length === 0 || root === undefined) return [];
  const set = new Set<string>();
  let begins = migrated;
  for (const { events } of steps)
    for (const event of events) {
      if (event.kind === 'instance-started') begins = true;
      else if (event.kind === 'variables-set' && event.scopeId === key)
        for (const name of Object.keys(event.variables)) set.add(name);
    }
  return searchable
    .filter((name) => begins || set.has(name))
    .map((name) => ({
      subject_id: subjectId,
      instance_id: id,
      name,
      value: searchText(Object.hasOwn(root.variables, name) ? root.variables[name]! : null),
    }));
}

/** The text by which a value is found; null: it is not. */
export function searchText(value: Json): string | null {
  if (typeof value === 'string') return value.replaceAll('\u0000', '').slice(0, longest);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

import { readFileSync } from 'node:fs';

/**
 * Module hooks that plant a bug: one place of the server's compiled source is changed while it loads. A place that is not found any
 * more fails the start of the process, so that no bug is silently without effect. Installed by mutating.js.
 */
const name = process.env.CHAOS_MUTATION;
const { file, find, replace } = JSON.parse(readFileSync(new URL('mutations.json', import.meta.url), 'utf8'))[name];

export async function load(url, context, nextLoad) {
  const loaded = await nextLoad(url, context);
  if (!url.endsWith(file)) return loaded;
  const source = loaded.source.toString();
  if (!source.includes(find))
    throw new Error(
      `The bug "${name}" has no place any more: "${find}" is not in ${file}. Correct server/chaos/mutations.json.`,
    );
  return { ...loaded, source: source.replace(find, replace) };
}

import type { InstancePage } from '@xflow/schemas';

/** Instances that one file takes at most. */
export const mostExported = 100_000;

/**
 * Instances as NDJSON, one a line, read page by page until there are no more, {@link mostExported} are read, or `isWanted` says no.
 * @param told how many are read
 */
export async function instanceLines(
  read: (cursor: string | null) => Promise<InstancePage>,
  told: (count: number) => void,
  isWanted: () => boolean,
): Promise<string> {
  const lines: string[] = [];
  let cursor: string | null = null;
  do {
    const page: InstancePage = await read(cursor);
    for (const instance of page.items) lines.push(`${JSON.stringify(instance)}\n`);
    cursor = page.nextCursor;
    told(lines.length);
  } while (cursor !== null && lines.length < mostExported && isWanted());
  return lines.slice(0, mostExported).join('');
}

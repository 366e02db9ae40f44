import type { ProblemDocument } from '@xflow/schemas';
import { computed, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import { documentOf } from './api-problem.js';
import type { Page } from './client.js';

export interface Pages<Item> {
  /** The items of the page that is shown; null before the first answer. */
  readonly items: ShallowRef<readonly Item[] | null>;
  readonly problem: ShallowRef<ProblemDocument | null>;
  readonly loading: Ref<boolean>;
  /** Number of the page, 1 is the first. */
  readonly number: ComputedRef<number>;
  readonly hasNext: ComputedRef<boolean>;
  readonly next: () => Promise<void>;
  readonly previous: () => Promise<void>;
  /** The page that is shown, again. */
  readonly reload: () => Promise<void>;
  /** The first page: after a change of the filter. */
  readonly restart: () => Promise<void>;
}

/**
 * A list paged by cursor. Holds one page at a time, so that a list of millions costs no more than its page; the cursors
 * that led here are kept for the way back. Starts to load at once.
 */
export function usePages<Item>(load: (cursor: string | null) => Promise<Page<Item>>): Pages<Item> {
  const items = shallowRef<readonly Item[] | null>(null);
  const problem = shallowRef<ProblemDocument | null>(null);
  const loading = ref(false);
  const cursors = shallowRef<readonly (string | null)[]>([null]);
  const nextCursor = ref<string | null>(null);
  let latest = 0;

  async function show(path: readonly (string | null)[]): Promise<void> {
    const call = ++latest;
    loading.value = true;
    try {
      const page = await load(path.at(-1) ?? null);
      if (call !== latest) return;
      items.value = page.items;
      nextCursor.value = page.nextCursor ?? null;
      cursors.value = path;
      problem.value = null;
    } catch (error) {
      if (call === latest) problem.value = documentOf(error);
    } finally {
      if (call === latest) loading.value = false;
    }
  }
  void show([null]);
  return {
    items,
    problem,
    loading,
    number: computed(() => cursors.value.length),
    hasNext: computed(() => nextCursor.value !== null),
    next: () => (nextCursor.value === null ? Promise.resolve() : show([...cursors.value, nextCursor.value])),
    previous: () => (cursors.value.length < 2 ? Promise.resolve() : show(cursors.value.slice(0, -1))),
    reload: () => show(cursors.value),
    restart: () => show([null]),
  };
}

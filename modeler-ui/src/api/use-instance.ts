import type { InstanceHistory, InstanceStatus, ProblemDocument, Workflow } from '@xflow/schemas';
import { ref, shallowRef, watch } from 'vue';
import { documentOf } from './api-problem.js';
import { api } from './client.js';
import { useLive } from './use-live.js';

/** Pages of history that are read at most; a longer history is cut, and says so. */
const pagesAtMost = 50;

const noPage = { number: 1, cursor: null, start: 0 };

/**
 * An instance with its history and the version that it runs on, followed live for as long as it is active. Of the history only what is new is read
 * again; `cut`: there is more of it than is read.
 */
export function useInstance(id: () => string) {
  const status = shallowRef<InstanceStatus | null>(null);
  const workflow = shallowRef<Workflow | null>(null);
  const history = shallowRef<InstanceHistory['items']>([]);
  const cut = ref(false);
  const problem = shallowRef<ProblemDocument | null>(null);
  const loading = ref(false);
  /** Where the last page of the history begins that was read: what comes later stands on it, or behind it. */
  let lastPage: { readonly number: number; readonly cursor: string | null; readonly start: number } = noPage;

  async function readHistory(): Promise<void> {
    const wanted = id();
    const items = history.value.slice(0, lastPage.start);
    let { number, cursor } = lastPage;
    for (; ; number += 1) {
      const answer: InstanceHistory = await api.instanceHistory(wanted, cursor);
      if (wanted !== id()) return;
      lastPage = { number, cursor, start: items.length };
      items.push(...answer.items);
      cursor = answer.nextCursor;
      if (cursor === null || number === pagesAtMost) break;
    }
    cut.value = cursor !== null;
    history.value = items;
  }

  async function refresh(): Promise<void> {
    loading.value = true;
    try {
      const before = status.value?.revision;
      const wanted = id();
      const next = await api.instance(wanted);
      if (wanted !== id()) return;
      if (workflow.value?.version !== next.version) workflow.value = await api.workflow(next.workflowKey, next.version);
      if (next.revision !== before) await readHistory();
      status.value = next;
      problem.value = null;
    } catch (error) {
      problem.value = documentOf(error);
    } finally {
      loading.value = false;
    }
  }

  /** Does something to the instance, and looks at it again; `false`: it was refused, and `problem` says why. */
  async function attempt(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
    } catch (error) {
      problem.value = documentOf(error);
      return false;
    }
    await refresh();
    return true;
  }

  watch(
    id,
    () => {
      status.value = null;
      workflow.value = null;
      history.value = [];
      lastPage = noPage;
      void refresh();
    },
    { immediate: true },
  );
  useLive(() => (status.value?.status === 'active' ? `/instances/${encodeURIComponent(id())}/live` : null), refresh);

  return { status, workflow, history, cut, problem, loading, refresh, attempt };
}

import type { ProblemDocument } from '@xflow/schemas';
import { ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { documentOf } from './api-problem.js';

export interface Resource<Data> {
  /** What was loaded last; kept while it is loaded again. */
  readonly data: ShallowRef<Data | null>;
  readonly problem: ShallowRef<ProblemDocument | null>;
  readonly loading: Ref<boolean>;
  /** Loads (again). Never rejects: a failure is in `problem`. An answer that was overtaken by a later call is dropped. */
  readonly reload: () => Promise<void>;
}

/** One thing loaded from the API, with its states. Starts to load at once. */
export function useResource<Data>(load: () => Promise<Data>): Resource<Data> {
  const data = shallowRef<Data | null>(null);
  const problem = shallowRef<ProblemDocument | null>(null);
  const loading = ref(false);
  let latest = 0;

  async function reload(): Promise<void> {
    const call = ++latest;
    loading.value = true;
    try {
      const answer = await load();
      if (call !== latest) return;
      data.value = answer;
      problem.value = null;
    } catch (error) {
      if (call === latest) problem.value = documentOf(error);
    } finally {
      if (call === latest) loading.value = false;
    }
  }
  void reload();
  return { data, problem, loading, reload };
}

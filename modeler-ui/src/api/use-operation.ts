import type { BatchOperation, ProblemDocument } from '@xflow/schemas';
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue';
import { documentOf } from './api-problem.js';
import { api } from './client.js';

/** Milliseconds between two looks at an operation that is under way. */
const pace = 1_000;

/** A batch operation, looked at until it is over; what is over is not looked at again. `ended` is called when it has come to its end meanwhile. */
export function useOperation(id: () => string, ended: () => void = () => undefined) {
  const operation = shallowRef<BatchOperation | null>(null);
  const problem = shallowRef<ProblemDocument | null>(null);
  const busy = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isHere = true;

  const isOver = computed(() => operation.value !== null && operation.value.endedAt !== null);

  async function attempt(work: () => Promise<BatchOperation>): Promise<void> {
    clearTimeout(timer);
    const wanted = id();
    const wasOver = operation.value === null || isOver.value;
    busy.value = true;
    try {
      const answer = await work();
      if (wanted !== id() || !isHere) return;
      operation.value = answer;
      problem.value = null;
      if (isOver.value && !wasOver) ended();
    } catch (error) {
      if (wanted === id()) problem.value = documentOf(error);
    } finally {
      busy.value = false;
    }
    if (isHere && operation.value !== null && !isOver.value) timer = setTimeout(() => void look(), pace);
  }
  const look = (): Promise<void> => attempt(() => api.batchOperation(id()));

  watch(
    id,
    () => {
      operation.value = null;
      void look();
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    isHere = false;
    clearTimeout(timer);
  });
  return {
    operation,
    problem,
    busy,
    isOver,
    look,
    cancel: () => attempt(() => api.cancelBatchOperation(id())),
    resume: () => attempt(() => api.resumeBatchOperation(id())),
  };
}

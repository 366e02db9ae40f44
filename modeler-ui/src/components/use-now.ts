import { onScopeDispose, readonly, ref, type Ref } from 'vue';

const interval = 10_000;
const now = ref(Date.now());
let readers = 0;
let timer: ReturnType<typeof setInterval> | undefined;

/** The time, milliseconds since 1970, kept to within 10 s for as long as someone reads it: one clock for the whole console. */
export function useNow(): Readonly<Ref<number>> {
  now.value = Date.now();
  readers += 1;
  timer ??= setInterval(() => (now.value = Date.now()), interval);
  onScopeDispose(() => {
    readers -= 1;
    if (readers > 0) return;
    clearInterval(timer);
    timer = undefined;
  });
  return readonly(now);
}

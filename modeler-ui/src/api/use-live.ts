import { onBeforeUnmount, watch } from 'vue';

/**
 * Calls `changed` whenever the live stream at `path` (below `/api`) tells of a change; calls that come while one is under way become one
 * more, `pause` milliseconds after the one before. Follows `path` where it changes; null: nothing is to be watched. A stream that breaks is opened again by the browser.
 */
export function useLive(path: () => string | null, changed: () => Promise<void>, pause = 0): void {
  let source: EventSource | null = null;
  let busy = false;
  let again = false;

  async function tell(): Promise<void> {
    again = true;
    if (busy) return;
    busy = true;
    while (again) {
      again = false;
      await changed();
      if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
    }
    busy = false;
  }
  function close(): void {
    source?.close();
    source = null;
  }
  watch(
    path,
    (next) => {
      close();
      if (next === null) return;
      source = new EventSource(`/api${next}`);
      source.addEventListener('message', () => void tell());
    },
    { immediate: true },
  );
  onBeforeUnmount(close);
}

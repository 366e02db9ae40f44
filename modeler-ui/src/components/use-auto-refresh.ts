import { onBeforeUnmount, onMounted } from 'vue';

const interval = 5000;

/** Calls `refresh` every 5 s while the tab is visible and `wanted` says so; at once when the tab becomes visible again. */
export function useAutoRefresh(refresh: () => Promise<void>, wanted: () => boolean): void {
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function tick(): Promise<void> {
    clearTimeout(timer);
    if (document.visibilityState === 'visible' && wanted()) await refresh();
    timer = setTimeout(() => void tick(), interval);
  }
  function onVisible(): void {
    if (document.visibilityState === 'visible') void tick();
  }
  onMounted(() => {
    timer = setTimeout(() => void tick(), interval);
    document.addEventListener('visibilitychange', onVisible);
  });
  onBeforeUnmount(() => {
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', onVisible);
  });
}

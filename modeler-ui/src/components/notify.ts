import { ElMessage } from 'element-plus';

/**
 * A short notice that something was done. Read out by screen readers; goes by itself. At the bottom, where it covers no
 * toolbar.
 */
export function notify(message: string): void {
  ElMessage({ message, type: 'success', duration: 4000, grouping: true, placement: 'bottom' });
}

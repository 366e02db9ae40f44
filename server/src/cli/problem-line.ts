import type { Problem } from '@xflow/schemas';

/** `file: level rule element: message remedy` */
export function problemLine(file: string, { level, rule, elementId, message, remedy }: Problem): string {
  return `${file}: ${level} ${rule}${elementId === null ? '' : ` ${elementId}`}: ${message} ${remedy}`;
}

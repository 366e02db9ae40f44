import type { Needs } from '../expression.js';

export const noNeeds: Needs = Object.freeze({ profile: false, segments: Object.freeze([]) });

/** Whether something must be asked. */
export const asks = ({ profile, segments }: Needs): boolean => profile || segments.length > 0;

/** What all of these need together; every segment once, in the order of first mention. */
export function mergeNeeds(parts: readonly { readonly needs: Needs }[]): Needs {
  if (parts.every(({ needs }) => needs === noNeeds)) return noNeeds;
  const profile = parts.some(({ needs }) => needs.profile);
  const segments = new Set(parts.flatMap(({ needs }) => needs.segments));
  if (!profile && segments.size === 0) return noNeeds;
  return Object.freeze({ profile, segments: Object.freeze([...segments]) });
}

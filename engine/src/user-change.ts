import type { Json } from './json.js';

/** One change of the subject, made exactly once, in the transaction of the step that decided it. */
export type UserChange =
  | { readonly kind: 'stage'; readonly stage: string }
  | { readonly kind: 'tier'; readonly ladder: string; readonly tier: string; readonly rewards?: readonly string[] }
  | { readonly kind: 'points'; readonly add: number }
  | { readonly kind: 'tag'; readonly add?: readonly string[]; readonly remove?: readonly string[] }
  | { readonly kind: 'attributes'; readonly set: Readonly<Record<string, Json>> };

import type { Expression } from './expression.js';

export type Ending =
  | { readonly kind: 'error'; readonly errorCode: string; readonly errorMessage: string | null }
  | { readonly kind: 'terminate' }
  /** Of a transaction. */
  | { readonly kind: 'cancel' };

export type Thrown =
  | { readonly kind: 'message'; readonly messageName: string; readonly correlationKey: Expression | null }
  | { readonly kind: 'signal'; readonly signalName: string }
  | { readonly kind: 'escalation'; readonly escalationCode: string }
  | { readonly kind: 'compensation'; readonly activityId: string | null; readonly waits: boolean };

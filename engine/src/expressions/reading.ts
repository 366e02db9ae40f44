/** What came of reading a piece of text in a diagram (an expression, a timer, a configuration): the compiled piece, or why not. */
export type Reading<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false;
      /** Whole sentence. */
      readonly reason: string;
      /** Whole sentence. */
      readonly remedy: string;
    };

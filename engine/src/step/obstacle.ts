/** Why something cannot be done to an instance as it stands. */
export interface Obstacle {
  /** Element of the diagram that it is about; null: the instance as a whole. */
  readonly elementId: string | null;
  /** Whole sentence. */
  readonly message: string;
  /** Whole sentence. */
  readonly remedy: string;
}

export const notActive: Obstacle = {
  elementId: null,
  message: 'The instance has ended, or has not begun yet.',
  remedy: 'Choose an instance that is active and has begun.',
};

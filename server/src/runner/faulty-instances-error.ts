/** Instances whose step threw (a defect of the engine or of this server) or made them too large. The batch runs again without them. */
export class FaultyInstancesError extends Error {
  constructor(readonly causes: ReadonlyMap<string, unknown>) {
    super(`Instances ${[...causes.keys()].join(', ')} cannot be advanced.`);
    this.name = 'FaultyInstancesError';
  }
}

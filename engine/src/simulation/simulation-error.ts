/** The one who drives a simulation asked for something impossible. The message is a whole sentence that says what to do. */
export class SimulationError extends Error {
  override readonly name = 'SimulationError';
}

/** An instance cannot take a step, through no defect of the server: it stays as it was, and what it could not take waits for an operator. */
export abstract class StepRefusal extends Error {
  /** What is wrong, for people who asked for the step; the message tells more. */
  abstract readonly title: string;
  abstract readonly remedy: string;
}

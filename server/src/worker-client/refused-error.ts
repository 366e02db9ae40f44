/** The server does not take the request, however often it is sent. */
export class RefusedError extends Error {}

/** Somebody else has the task, or its instance went on without it. */
export class LeaseLostError extends RefusedError {}

/**
 * Waits for statements that were sent together, without waiting for each other (one round trip: see RunnerPool).
 * @param sent in the order of sending
 * @throws what the first of them that failed was refused with: those after it only fail because their transaction is lost.
 */
export async function inOrder<Results extends readonly unknown[]>(
  ...sent: { readonly [Place in keyof Results]: Promise<Results[Place]> | Results[Place] }
): Promise<Results> {
  const settled = await Promise.allSettled(sent);
  for (const result of settled) if (result.status === 'rejected') throw result.reason;
  return settled.map((result) => (result as PromiseFulfilledResult<unknown>).value) as unknown as Results;
}

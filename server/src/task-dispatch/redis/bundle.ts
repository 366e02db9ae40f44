import type { RowKey } from '../../runner/sql/row-key.js';
import type { HandedJob } from '../sql/hand-over-jobs.js';

/** What a BullMQ job is here: the keys of the jobs that it stands for. Everything else of them stays in their rows. */
export type Bundle = readonly RowKey[];

/** Most jobs whose keys travel through Redis together, and into how many such bundles a set is divided at least. */
export const mostBundled = 32;
const fewestBundles = 16;

/**
 * Bundles of jobs, as large as leaves some for every server, as BullMQ takes them. What is alone in one has the id of its attempt, so that putting it into
 * Redis twice is harmless.
 * @param most jobs of a bundle
 */
export function bundlesOf(
  jobs: readonly HandedJob[],
  most: number,
): { name: string; data: Bundle; opts: { jobId?: string } }[] {
  const size = Math.min(most, Math.ceil(jobs.length / fewestBundles));
  return Array.from({ length: Math.ceil(jobs.length / size) }, (_, index) => {
    const bundled = jobs.slice(index * size, (index + 1) * size);
    const { instance_id, id, attempts } = bundled[0]!;
    const jobId = `${instance_id}.${id.replaceAll(':', '.')}.${attempts}`;
    return {
      name: 'attempts',
      data: bundled.map(({ subject_id, instance_id, id }) => ({ subject_id, instance_id, id })),
      opts: size === 1 ? { jobId } : {},
    };
  });
}

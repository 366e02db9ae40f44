import type { Problem } from '@xflow/schemas';
import { compile, type CompileOptions } from './compile/compile.js';

/** What is wrong, or odd, in a diagram: the problems of {@link compile}, whether or not it would deploy. */
export async function lint(xml: string, options?: CompileOptions): Promise<readonly Problem[]> {
  return (await compile(xml, options)).problems;
}

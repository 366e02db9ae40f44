import { analyse, describeStep, type AnalysisFinding, type Definition } from '@xflow/engine';
import { problemLine } from './problem-line.js';

export interface DiagramAnalysis {
  readonly findings: readonly AnalysisFinding[];
  /** For people: what was visited and what was not; a whole sentence a line. */
  readonly remarks: readonly string[];
}

/** The behaviour of all processes of a diagram that compiles. */
export function analyseDiagram(file: string, definitions: readonly Definition[], maxStates: number): DiagramAnalysis {
  const analyses = definitions.map((definition) => ({ key: definition.key, ...analyse(definition, { maxStates }) }));
  return {
    findings: analyses.flatMap(({ findings }) => findings),
    remarks: analyses.flatMap(({ key, states, complete, limits, findings }) => [
      `${file}: analysed "${key}" in ${states} states${complete ? ', which are all there are' : ''}: ${findings.length} findings.`,
      ...(complete ? [] : ['That is not the whole of it, so that nothing is shown to be absent.', ...limits]),
    ]),
  };
}

/** A line for the finding, and one for the way to it. */
export function findingLines(file: string, finding: AnalysisFinding): readonly string[] {
  const { trace } = finding;
  return [problemLine(file, finding), ...(trace.length > 0 ? [`  ${trace.map(describeStep).join(', ')}`] : [])];
}

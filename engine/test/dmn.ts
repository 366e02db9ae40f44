import { compileDecisions } from '../src/dmn/compile-decisions.js';
import { type Decision, type DecisionOutcome, evaluateDecision } from '../src/dmn/decision.js';
import type { Json, Variables } from '../src/json.js';

/** A DMN file; `content` is XML inside of its definitions. */
export function dmn(content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="file" name="File" namespace="urn:test">
${content}
</definitions>`;
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
export const text = (content: string): string => `<text>${escaped(content)}</text>`;
export const requires = (...ids: string[]): string =>
  ids.map((id) => `<informationRequirement><requiredDecision href="#${id}" /></informationRequirement>`).join('');
export const requiresInput = (id: string): string =>
  `<informationRequirement><requiredInput href="#${id}" /></informationRequirement>`;
export const requiresModel = (id: string): string =>
  `<knowledgeRequirement><requiredKnowledge href="#${id}" /></knowledgeRequirement>`;

export const literal = (expression: string): string => `<literalExpression>${text(expression)}</literalExpression>`;
export const decision = (id: string, content: string, name = id): string =>
  `<decision id="${id}" name="${name}">${content}</decision>`;

export interface Column {
  readonly expression?: string;
  readonly name?: string;
  readonly typeRef?: string;
  readonly values?: string;
  readonly fallback?: string;
}

/** A decision table; every rule is a line `tests | ... => outputs | ...`. */
export function table(
  policy: string,
  inputs: readonly Column[],
  outputs: readonly Column[],
  rules: readonly string[],
): string {
  const cells = (side: string): string[] => side.split('|').map((cell) => cell.trim());
  return `<decisionTable ${policy}>
${inputs
  .map(
    ({ expression = '', typeRef, values }) =>
      `<input><inputExpression${typeRef ? ` typeRef="${typeRef}"` : ''}>${text(expression)}</inputExpression>${values ? `<inputValues>${text(values)}</inputValues>` : ''}</input>`,
  )
  .join('')}
${outputs
  .map(
    ({ name, values, fallback, typeRef }) =>
      `<output${name ? ` name="${name}"` : ''}${typeRef ? ` typeRef="${typeRef}"` : ''}>${values ? `<outputValues>${text(values)}</outputValues>` : ''}${fallback ? `<defaultOutputEntry>${text(fallback)}</defaultOutputEntry>` : ''}</output>`,
  )
  .join('')}
${rules
  .map((rule, index) => {
    const [tests = '', results = ''] = rule.split('=>');
    return `<rule id="r${index + 1}">${cells(tests)
      .map((cell) => `<inputEntry>${text(cell)}</inputEntry>`)
      .join('')}${cells(results)
      .map((cell) => `<outputEntry>${text(cell)}</outputEntry>`)
      .join('')}</rule>`;
  })
  .join('')}
</decisionTable>`;
}

/** The decision of this id in a file that must be valid. */
export async function decisionOf(xml: string, id = 'it'): Promise<Decision> {
  const result = compileDecisions(xml);
  if (!result.ok) throw new Error(`The test's decisions do not compile: ${JSON.stringify(result.problems, null, 2)}`);
  const found = result.decisions.find((candidate) => candidate.id === id);
  if (!found) throw new Error(`Expected a decision ${id}.`);
  return found;
}

export const at = Date.UTC(2026, 0, 5, 9);

/** The outcome of the decision `it`. */
export async function outcome(content: string, variables: Variables = {}): Promise<DecisionOutcome> {
  return evaluateDecision(await decisionOf(dmn(content)), { at, variables });
}

/** The value of the decision `it`, which must not fail. */
export async function decide(content: string, variables: Variables = {}): Promise<Json> {
  const result = await outcome(content, variables);
  if (!result.ok) throw new Error(result.reason);
  return result.value;
}

/** Rule, element and message of each problem of a file. */
export async function dmnProblems(xml: string): Promise<[rule: string, elementId: string | null, message: string][]> {
  const { problems } = compileDecisions(xml);
  return problems.map(({ rule, elementId, message }) => [rule, elementId, message]);
}

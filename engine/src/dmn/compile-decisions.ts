import type { Problem } from '@xflow/schemas';
import { DmnModdle } from 'dmn-moddle';
import { type BpmnElement, elementOf, elementsOf, idOf, textOf } from '../compile/bpmn-element.js';
import { MetaModel } from '../compile/meta-model.js';
import { errorProblem } from '../compile/problem.js';
import { readModel } from '../compile/read-model.js';
import { compileLogic } from './boxed-expression.js';
import type { Decision } from './decision.js';
import { describe, DmnReader } from './dmn-reader.js';
import { type DecisionNode, evaluateNode, inputsOf, type InputNode, type ModelNode } from './evaluate-node.js';
import { cycles } from './requirements.js';

export type DecisionsResult =
  | {
      readonly ok: true;
      /** Every decision of the file. */
      readonly decisions: readonly Decision[];
      /** Warnings. */
      readonly problems: readonly Problem[];
    }
  | {
      readonly ok: false;
      /** Everything that was found, errors first. */
      readonly problems: readonly Problem[];
    };

/** DMN 1.1 to 1.5 say what is executed here in the same words; the reader knows the namespace of 1.3. */
const namespaces = {
  'http://www.omg.org/spec/DMN/20151101/dmn.xsd': 'dmn',
  'http://www.omg.org/spec/DMN/20180521/MODEL/': 'dmn',
  'https://www.omg.org/spec/DMN/20211108/MODEL/': 'dmn',
  'https://www.omg.org/spec/DMN/20230324/MODEL/': 'dmn',
};

const dmn = { name: 'DMN', root: 'dmn:Definitions', model: new MetaModel(new DmnModdle(), namespaces) } as const;

/**
 * Compiles the decisions of a DMN file: decision tables, literal and other boxed expressions in FEEL, business knowledge models, and
 * what they require of each other. Tells all problems at once; never throws for bad input.
 */
export function compileDecisions(xml: string): DecisionsResult {
  const { definitions, problems: parsing } = readModel(xml, dmn);
  if (!definitions) return { ok: false, problems: parsing };
  const { decisions, problems } = readDecisions(definitions);
  const all = [...parsing, ...problems].sort((a, b) => Number(b.level === 'error') - Number(a.level === 'error'));
  return all.some(({ level }) => level === 'error')
    ? { ok: false, problems: all }
    : { ok: true, decisions, problems: all };
}

function readDecisions(definitions: BpmnElement): { decisions: readonly Decision[]; problems: readonly Problem[] } {
  const reader = new DmnReader(definitions);
  const elements = elementsOf(definitions, 'drgElement');
  const file = new DmnFile(elements, reader);
  const decisions = elements.filter(({ $type }) => $type === 'dmn:Decision');
  if (decisions.length === 0)
    return {
      decisions: [],
      problems: [
        errorProblem('dmn-decision', null, 'The file contains no decision.', 'Add a decision, and deploy again.'),
      ],
    };
  for (const element of elements) if (element.$type === 'dmn:DecisionService') warnOfService(element, reader);
  const cyclic = file.refuseCycles();
  if (cyclic) return { decisions: [], problems: reader.problems };
  const compiled = decisions.map((element) => {
    const node = file.decision(element);
    return Object.freeze<Decision>({
      id: node.id,
      name: node.name,
      inputs: Object.freeze(inputsOf(node)),
      evaluate: (context) => evaluateNode(node, context),
    });
  });
  return { decisions: Object.freeze(compiled), problems: reader.problems };
}

function warnOfService(element: BpmnElement, reader: DmnReader): void {
  reader.warn(
    { id: idOf(element), label: describe('decision service', element) },
    'decision services are ignored.',
    'Call the decision itself.',
    'dmn-requirement',
  );
}

/** The elements of a file, each compiled once. */
class DmnFile {
  private readonly byId: ReadonlyMap<string, BpmnElement>;
  private readonly decisions = new Map<BpmnElement, DecisionNode>();
  private readonly models = new Map<BpmnElement, ModelNode>();
  private readonly required = new Map<BpmnElement, readonly BpmnElement[]>();

  constructor(
    private readonly elements: readonly BpmnElement[],
    private readonly reader: DmnReader,
  ) {
    this.byId = new Map(elements.map((element) => [idOf(element), element]));
    for (const element of elements) this.required.set(element, this.requirementsOf(element));
  }

  /** True when there are any: nothing may be compiled then. */
  refuseCycles(): boolean {
    const found = cycles(this.elements, (element) => this.required.get(element) ?? []);
    for (const element of found)
      this.reader.tell(
        { id: idOf(element), label: describe(kindOf(element), element) },
        'it requires itself, directly or by others.',
        'Remove one of the requirements of the cycle.',
        'dmn-requirement',
      );
    return found.length > 0;
  }

  decision(last: BpmnElement): DecisionNode {
    // What is required is compiled first, without recursion along the requirements.
    for (const element of this.inOrder(last)) {
      if (element.$type === 'dmn:Decision' && !this.decisions.has(element))
        this.decisions.set(element, this.makeDecision(element));
      if (element.$type === 'dmn:BusinessKnowledgeModel' && !this.models.has(element))
        this.models.set(element, this.makeModel(element));
    }
    return this.decisions.get(last)!;
  }

  private inOrder(last: BpmnElement): readonly BpmnElement[] {
    const done = new Set<BpmnElement>();
    const stack = [{ element: last, rest: [...(this.required.get(last) ?? [])] }];
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const next = top.rest.pop();
      if (next === undefined) {
        done.add(top.element);
        stack.pop();
      } else if (!done.has(next) && !this.decisions.has(next) && !this.models.has(next))
        stack.push({ element: next, rest: [...(this.required.get(next) ?? [])] });
    }
    return [...done];
  }

  private makeDecision(element: BpmnElement): DecisionNode {
    const id = idOf(element);
    const label = describe('decision', element);
    if (id === '')
      this.reader.tell({ id, label }, 'it has no id.', 'Give it one: processes call it by its id.', 'dmn-decision');
    const required = this.required.get(element) ?? [];
    const models = required.flatMap((other) => this.models.get(other) ?? []);
    const variable = elementOf(element, 'variable');
    const node: DecisionNode = {
      id,
      label,
      name: textOf(element, 'name') ?? id,
      names: distinct([variable && textOf(variable, 'name'), textOf(element, 'name'), id]),
      requires: required.flatMap((other) => this.decisions.get(other) ?? []),
      inputs: required.filter(({ $type }) => $type === 'dmn:InputData').map((input) => this.inputNode(input)),
      models,
      logic: compileLogic(elementOf(element, 'decisionLogic'), this.reader, {
        id,
        label,
        functions: new Set(models.map(({ name }) => name)),
      }),
    };
    this.refuseSameNames(node);
    return node;
  }

  private refuseSameNames({ id, label, requires, inputs, models }: DecisionNode): void {
    const seen = new Set<string>();
    for (const { name } of [...requires, ...inputs, ...models]) {
      if (seen.has(name))
        this.reader.tell(
          { id, label },
          `two of the things it requires have the name "${name}".`,
          'Give them different names, so that expressions can tell them apart.',
          'dmn-requirement',
        );
      seen.add(name);
    }
  }

  private makeModel(element: BpmnElement): ModelNode {
    const models = (this.required.get(element) ?? []).flatMap((other) => this.models.get(other) ?? []);
    const variable = elementOf(element, 'variable');
    return {
      name: (variable && textOf(variable, 'name')) ?? textOf(element, 'name') ?? idOf(element),
      models,
      logic: compileLogic(elementOf(element, 'encapsulatedLogic'), this.reader, {
        id: idOf(element),
        label: describe('business knowledge model', element),
        functions: new Set(models.map(({ name }) => name)),
      }),
    };
  }

  private inputNode(element: BpmnElement): InputNode {
    const variable = elementOf(element, 'variable');
    return {
      name: (variable && textOf(variable, 'name')) ?? textOf(element, 'name') ?? idOf(element),
      typeRef: this.reader.baseType(variable && textOf(variable, 'typeRef')),
    };
  }

  private requirementsOf(element: BpmnElement): readonly BpmnElement[] {
    const requirements = [
      ...elementsOf(element, 'informationRequirement').flatMap((requirement) => [
        elementOf(requirement, 'requiredDecision'),
        elementOf(requirement, 'requiredInput'),
      ]),
      ...elementsOf(element, 'knowledgeRequirement').map((requirement) => elementOf(requirement, 'requiredKnowledge')),
    ];
    return requirements.flatMap((reference) => {
      const href = reference && textOf(reference, 'href');
      if (!href) return [];
      const found = href.startsWith('#') ? this.byId.get(href.slice(1)) : undefined;
      if (found) return [found];
      this.reader.tell(
        { id: idOf(element), label: describe(kindOf(element), element) },
        `it requires <${href}>, which is not in the file.`,
        'Put what is required into the same file, or remove the requirement: imports are not read.',
        'dmn-requirement',
      );
      return [];
    });
  }
}

function kindOf({ $type }: BpmnElement): string {
  return $type === 'dmn:BusinessKnowledgeModel' ? 'business knowledge model' : 'decision';
}

function distinct(names: readonly (string | null)[]): readonly string[] {
  return [...new Set(names.filter((name) => name !== null && name !== ''))] as string[];
}

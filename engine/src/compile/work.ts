import type { TaskType } from '@xflow/schemas';
import type { Expression, Template } from '../expression.js';
import type { TaskSpec } from '../task-spec.js';
import { type Entry, nestedEntries, objectLeaf, objectTemplate } from '../expressions/template.js';
import type { Json, Variables } from '../json.js';
import { noNeeds } from '../expressions/needs.js';
import { type BpmnElement, elementsOf, extensionOf, extensionsOf, isA, textOf } from './bpmn-element.js';
import { configLiteral } from './config-literal.js';
import { eventDefinitionsOf } from './read-trigger.js';
import { readPath } from './read-path.js';
import { readRetry } from './read-retry.js';
import type { Reader } from './reader.js';
import { TaskConfigSchema } from './task-config.js';

/** The work of one element, as the diagram says it. */
export interface Work {
  readonly element: BpmnElement;
  /** The extension element or attribute that says it. */
  readonly source: string;
  /** Null: the diagram does not say the type. */
  readonly taskType: string | null;
  /** Whether a handler of this type is known; work for other engines' workers may have any type. */
  readonly known: boolean;
  readonly foreign: boolean;
  readonly channel: string | null;
  /** Constants of the configuration by name: what they refer to must exist. */
  readonly constants: ReadonlyMap<string, string>;
  /** What is wrong with the configuration, as whole sentences. */
  readonly configProblems: readonly string[];
  readonly spec: TaskSpec;
}

/** Elements that say what an element does; one node has one at most. */
export const workElements = ['SegmentCheck', 'TierUpgrade', 'UpdateProfile', 'Tag', 'Message', 'Task'].map(
  (name) => `xflow:${name}`,
);

/** Reads the work of elements. One for a whole diagram, so that schemas are prepared once. */
export class WorkReader {
  readonly works: Work[] = [];
  private readonly schemas = new Map<string, TaskConfigSchema>();

  constructor(
    private readonly reader: Reader,
    private readonly taskTypes: Readonly<Record<string, TaskType>>,
  ) {}

  /** Null: the element says nothing about its work. */
  read(element: BpmnElement): Work | null {
    const work = this.readXflow(element) ?? this.readZeebe(element) ?? this.readCamunda(element);
    if (work) this.works.push(work);
    return work;
  }

  private readXflow(element: BpmnElement): Work | null {
    const said = extensionsOf(element).find(({ $type }) => workElements.includes($type));
    if (!said) return null;
    const resultVariable = textOf(said, 'resultVariable');
    const attributes = (...names: string[]): [string, string][] =>
      names.flatMap((name): [string, string][] => {
        const text = textOf(said, name);
        return text === null ? [] : [[name, text]];
      });
    switch (said.$type) {
      case 'xflow:SegmentCheck':
        return this.build(element, {
          source: 'xflow:segmentCheck',
          taskType: 'segment-check',
          config: attributes('segment'),
          resultVariable: resultVariable ?? 'inSegment',
        });
      case 'xflow:TierUpgrade':
        return this.build(element, {
          source: 'xflow:tierUpgrade',
          taskType: 'tier-upgrade',
          config: attributes('ladder', 'mode'),
          resultVariable: resultVariable ?? 'tierUpgrade',
        });
      case 'xflow:Tag':
        return this.build(element, {
          source: 'xflow:tag',
          taskType: 'tag',
          config: attributes('add', 'remove'),
          resultVariable: null,
        });
      case 'xflow:UpdateProfile':
        return this.build(element, {
          source: 'xflow:updateProfile',
          taskType: 'update-profile',
          config: [],
          attributes: this.mappings(element, elementsOf(said, 'attributes'), 'the attribute'),
          resultVariable: null,
        });
      case 'xflow:Message': {
        const channel = textOf(said, 'channel');
        return this.build(element, {
          source: 'xflow:message',
          taskType: channel === null ? null : `send-${channel}`,
          channel,
          config: attributes('template', 'to', 'subject', 'url'),
          resultVariable: resultVariable ?? 'message',
        });
      }
      default:
        return this.build(element, {
          source: 'xflow:task',
          taskType: textOf(said, 'type'),
          config: elementsOf(said, 'inputs').map((input): [string, string] => [
            textOf(input, 'name') ?? '',
            textOf(input, 'value') ?? '',
          ]),
          outputs: this.outputs(element, elementsOf(said, 'outputs')),
          resultVariable,
        });
    }
  }

  private readZeebe(element: BpmnElement): Work | null {
    const said = extensionOf(element, 'zeebe:taskDefinition');
    if (!said) return null;
    const mapping = extensionOf(element, 'zeebe:ioMapping');
    const ofMapping = (type: string): readonly BpmnElement[] =>
      mapping?.$children?.filter(({ $type }) => $type === type) ?? [];
    const headers = extensionOf(element, 'zeebe:taskHeaders')?.$children ?? [];
    const targetOf = (part: BpmnElement): string => textOf(part, 'target') ?? '';
    const inputs = ofMapping('zeebe:input').map((input) => ({
      ...readPath(element, `the input ${targetOf(input)}`, targetOf(input), this.reader),
      leaf: this.reader.leaf(element, `the input ${targetOf(input)}`, textOf(input, 'source') ?? ''),
    }));
    return this.build(element, {
      source: 'zeebe:taskDefinition',
      foreign: true,
      taskType: textOf(said, 'type'),
      config: headers.map((header): [string, string] => [textOf(header, 'key') ?? '', textOf(header, 'value') ?? '']),
      ...(inputs.length > 0 ? { input: nestedEntries(inputs), inputNames: inputs.map(pathText) } : {}),
      outputs: ofMapping('zeebe:output').map((output) => {
        const place = `the output ${targetOf(output)}`;
        return {
          ...readPath(element, place, targetOf(output), this.reader),
          value: overResult(this.reader.expression(element, place, textOf(output, 'source') ?? 'null')),
        };
      }),
      resultVariable: null,
    });
  }

  private readCamunda(element: BpmnElement): Work | null {
    const said = [element, ...(isA(element, 'bpmn:Event') ? eventDefinitionsOf(element) : [])].find(
      (one) => textOf(one, 'camunda:type') === 'external',
    );
    if (!said) return null;
    const mapping = extensionOf(element, 'camunda:inputOutput')?.$children ?? [];
    const inputs = mapping.filter(({ $type }) => $type === 'camunda:inputParameter');
    const value = (part: BpmnElement): string => part.$body?.trim() ?? '';
    const nameOf = (part: BpmnElement): string => textOf(part, 'name') ?? '';
    return this.build(element, {
      ...(inputs.length > 0
        ? {
            input: inputs.map((part): Entry => [
              nameOf(part),
              /[$#]\{/.test(value(part))
                ? { computed: this.reader.expression(element, `the input ${nameOf(part)}`, value(part)) }
                : { constant: value(part) },
            ]),
          }
        : {}),
      outputs: mapping
        .filter(({ $type }) => $type === 'camunda:outputParameter')
        .map((part) => ({
          name: nameOf(part),
          path: [],
          value: overResult(
            this.reader.expression(
              element,
              `the output ${nameOf(part)}`,
              /[$#]\{/.test(value(part)) ? value(part) : JSON.stringify(value(part)),
            ),
          ),
        })),
      source: 'camunda:type="external"',
      foreign: true,
      taskType: textOf(said, 'camunda:topic'),
      config: [],
      resultVariable: textOf(element, 'camunda:resultVariable'),
    });
  }

  private build(
    element: BpmnElement,
    said: {
      readonly source: string;
      readonly taskType: string | null;
      readonly foreign?: boolean;
      readonly channel?: string | null;
      readonly config: readonly (readonly [name: string, text: string])[];
      /** Of update-profile: the entries of its `set`. */
      readonly attributes?: readonly Entry[];
      readonly input?: readonly Entry[];
      /** As the diagram has them, where several are one entry. */
      readonly inputNames?: readonly string[];
      readonly outputs?: TaskSpec['outputs'];
      readonly resultVariable: string | null;
    },
  ): Work {
    const { taskType, foreign = false } = said;
    const schema = this.schemaOf(taskType);
    const isConfig = (name: string): boolean =>
      foreign || !schema || schema.property(name) !== undefined || schema.schema.additionalProperties === false;
    const leaves = said.config.map(([name, text]): Entry => [
      name,
      foreign
        ? { constant: text }
        : this.reader.leaf(element, `the input ${name}`, text, (literal) =>
            configLiteral(literal, schema?.property(name)),
          ),
    ]);
    const nameOf = ([name]: Entry): string => name;
    this.reader.named(element, 'its inputs', said.inputNames ?? (said.input ?? leaves).map(nameOf), (name) => name);
    this.reader.named(element, 'the attributes that it sets', said.attributes ?? [], nameOf);
    this.reader.named(element, 'its outputs', said.outputs ?? [], pathText);
    const given: Entry[] = [
      ...leaves.filter(([name]) => isConfig(name)),
      ...(said.attributes ? [['set', objectLeaf(said.attributes)] as const] : []),
    ];
    const config = [...given, ...(schema?.defaults(given) ?? [])];
    const type = taskType === null || !Object.hasOwn(this.taskTypes, taskType) ? undefined : this.taskTypes[taskType];
    const passesAll = foreign && said.input === undefined;
    return {
      element,
      source: said.source,
      taskType,
      known: type !== undefined,
      foreign,
      channel: said.channel ?? null,
      constants: new Map(
        config.flatMap(([name, leaf]) =>
          'constant' in leaf && typeof leaf.constant === 'string' ? [[name, leaf.constant]] : [],
        ),
      ),
      configProblems: schema && !foreign ? schema.checkEntries(config) : [],
      spec: Object.freeze<TaskSpec>({
        taskType: taskType ?? '',
        kind: type?.kind ?? 'job',
        config: objectTemplate(config),
        input: passesAll
          ? Object.freeze<Template>({
              needs: noNeeds,
              evaluate: ({ variables }) => ({ ok: true as const, value: variables }),
            })
          : objectTemplate(said.input ?? leaves.filter(([name]) => !isConfig(name))),
        outputs: Object.freeze(said.outputs ?? []),
        resultVariable: said.resultVariable,
        retry: readRetry(element)?.retry ?? null,
        mergesResult: foreign && said.resultVariable === null,
        validateConfig: (values) => schema?.check(values) ?? [],
      }),
    };
  }

  private schemaOf(taskType: string | null): TaskConfigSchema | undefined {
    if (taskType === null || !Object.hasOwn(this.taskTypes, taskType)) return undefined;
    let schema = this.schemas.get(taskType);
    const type = this.taskTypes[taskType];
    if (!schema && type) {
      schema = new TaskConfigSchema(type);
      this.schemas.set(taskType, schema);
    }
    return schema;
  }

  private mappings(element: BpmnElement, parts: readonly BpmnElement[], what: string): Entry[] {
    return parts.map((part) => this.mapping(element, what, textOf(part, 'name'), textOf(part, 'value')));
  }

  private mapping(element: BpmnElement, what: string, name: string | null, text: string | null): Entry {
    return [name ?? '', this.reader.leaf(element, `${what} ${name ?? ''}`, text ?? '')];
  }

  /** Outputs of xflow:task: `=` FEEL, else the name of a part of the result would be a guess, so text is a FEEL string. */
  private outputs(element: BpmnElement, parts: readonly BpmnElement[]): TaskSpec['outputs'] {
    return parts.map((part) => {
      const name = textOf(part, 'name') ?? '';
      const text = textOf(part, 'value') ?? '=result';
      return {
        name,
        path: [],
        value: this.reader.expression(
          element,
          `the output ${name}`,
          text.startsWith('=') ? text : JSON.stringify(text),
        ),
      };
    });
  }
}

const pathText = ({ name, path }: { readonly name: string; readonly path: readonly string[] }): string =>
  [name, ...path].join('.');

/** Outputs of other engines read the parts of a result by their names; here they also have the result as a whole, as `result`. */
function overResult({ source, needs, reads, evaluate }: Expression): Expression {
  return Object.freeze<Expression>({
    source,
    needs,
    reads,
    evaluate: (context) => {
      const parts = asVariables(context.locals?.result);
      return evaluate({ ...context, locals: { ...parts, ...context.locals } });
    },
  });
}

function asVariables(value: Json | undefined): Variables {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Variables) : {};
}

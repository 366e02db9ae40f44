import { type Problem, taskCatalog, type TaskType } from '@xflow/schemas';
import type { Definition } from '../definition.js';
import { rules } from '../rules/index.js';
import { loadSandbox } from '../scripts/sandbox.js';
import { buildDefinition } from './build-definition.js';
import type { Diagram } from './diagram.js';
import { type ForeignMapping, foreignMappings } from './foreign-mappings.js';
import { readBpmn } from './read-bpmn.js';
import { readDiagram } from './read-diagram.js';
import { referencesOf } from './references-of.js';

export interface CompileOptions {
  /** Registered task handlers by type; default the shipped ones. */
  readonly taskTypes?: Readonly<Record<string, TaskType>>;
}

export type CompileResult =
  | {
      readonly ok: true;
      /** One for each executable process of the file. */
      readonly definitions: readonly Definition[];
      /** Warnings and hints. */
      readonly problems: readonly Problem[];
      /** What the extensions of other engines' modelers became. */
      readonly mappings: readonly ForeignMapping[];
    }
  | {
      readonly ok: false;
      /** Everything that was found, errors first. */
      readonly problems: readonly Problem[];
      /** What the processes name, as far as the file could be read, so that a deploy can tell all that is wrong at once. */
      readonly processes: readonly Pick<Definition, 'key' | 'references'>[];
    };

/**
 * Compiles BPMN 2.0 XML to Definitions, or tells all problems at once. Never throws for bad input. It is asynchronous only
 * because the sandbox of scripts loads.
 */
export async function compile(xml: string, options: CompileOptions = {}): Promise<CompileResult> {
  const { definitions, problems: parsing } = readBpmn(xml);
  if (!definitions) return { ok: false, problems: parsing, processes: [] };
  if (/scriptTask/i.test(xml)) await loadSandbox();
  const dangling = new Set(
    parsing.flatMap(({ rule, level, elementId }) =>
      rule === 'references' && level === 'error' && elementId !== null ? [elementId] : [],
    ),
  );
  const diagram = readDiagram(definitions, dangling, options.taskTypes ?? taskCatalog);
  const problems = [...parsing, ...applyRules(diagram)].sort(
    (a, b) => levels.indexOf(a.level) - levels.indexOf(b.level),
  );
  if (problems.some(({ level }) => level === 'error')) {
    const processes = diagram.processes.map((process) => ({
      key: process.id,
      references: referencesOf(process),
    }));
    return { ok: false, problems, processes };
  }
  return {
    ok: true,
    definitions: diagram.processes.map(buildDefinition),
    problems,
    mappings: foreignMappings(diagram),
  };
}

const levels: readonly Problem['level'][] = ['error', 'warning', 'hint'];

function applyRules(diagram: Diagram): Problem[] {
  return rules.flatMap(({ name, level, check }) =>
    [...check(diagram)].map((finding) => ({ level, rule: name, ...finding })),
  );
}

import { xflowModdle, type Problem } from '@xflow/schemas';
import { BpmnModdle } from 'bpmn-moddle';
import { type BpmnElement, idOf, labelOf } from './bpmn-element.js';
import { errorProblem } from './problem.js';

/** Foreign namespaces by the prefix under which the rest of the compiler knows them, whatever prefix the file declares. */
const prefixes = {
  'http://example.com/bpmn/xflow-extension': 'xflow',
  'http://camunda.org/schema/zeebe/1.0': 'zeebe',
  'http://camunda.org/schema/1.0/bpmn': 'camunda',
};

/** The parser looks for line and column of every warning from the beginning of the file, so many of them take quadratic time. */
const maxWarnings = 50;

interface ParserWarning {
  readonly message: string;
  readonly error?: Error;
  readonly element?: BpmnElement;
  readonly property?: string;
  readonly value?: string;
}

export interface ParsedFile {
  readonly definitions: BpmnElement | null;
  readonly problems: readonly Problem[];
}

/** Types only, and no file's content, so that one serves all files; to make one takes half as long as to read a diagram. */
const bpmnModdle = new BpmnModdle({ xflow: xflowModdle }, { nsMap: { ...prefixes } });

/** Parses guarded text into the BPMN meta-model. */
export function readBpmn(xml: string): Promise<ParsedFile> {
  return readModel(bpmnModdle, xml, 'BPMN');
}

/** Parses guarded text. Warnings of the parser are problems here: it would drop what it does not understand. */
export async function readModel(
  moddle: Pick<BpmnModdle, 'fromXML'>,
  xml: string,
  language: 'BPMN' | 'DMN',
): Promise<ParsedFile> {
  const warnings: ParserWarning[] = [];
  try {
    const { rootElement } = await moddle.fromXML(xml, { handler: handlerThatStops(warnings) });
    return { definitions: rootElement, problems: warnings.map((warning) => toProblem(warning, language)) };
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/\s+/g, ' ') : String(error);
    const fatal =
      warnings.length > 0
        ? []
        : [errorProblem('xml', null, `The file cannot be read as ${language}: ${reason}.`, exportAgain(language))];
    return {
      definitions: null,
      problems: [...warnings.slice(0, maxWarnings).map((warning) => toProblem(warning, language)), ...fatal],
    };
  }
}

const exportAgain = (language: string): string =>
  `Export the diagram again from a ${language} editor, and deploy that file.`;

/** The reader's own root handler, whose context gives up after too many warnings; the reader offers no option for that. */
function handlerThatStops(warnings: ParserWarning[]) {
  return function (this: { handler: (type: string) => object }, type: string): object {
    const prototype = Object.getPrototypeOf(this) as typeof this;
    let context: { addWarning: (warning: ParserWarning) => void } | undefined;
    return Object.defineProperty(prototype.handler.call(this, type), 'context', {
      get: () => context,
      set: (given: typeof context) => {
        context = given;
        if (!context) return;
        context.addWarning = (warning) => {
          // The text is decoded already, and was intact: the guard has looked.
          if (warning.message.includes('unsupported document encoding')) return;
          warnings.push(warning);
          if (warnings.length > maxWarnings) throw new Error('Too many problems');
        };
      },
    });
  };
}

function toProblem(
  { message, error, element, property = '', value = '' }: ParserWarning,
  language: 'BPMN' | 'DMN',
): Problem {
  const nested = error?.message ?? message;
  const name = /<([^>]*)>/.exec(nested)?.[1] ?? '';
  const id = element ? idOf(element) || null : null;
  const at = id === null ? 'An element' : `<${id}>`;
  const line = /line: (\d+)/.exec(message)?.[1];
  const where = line === undefined ? '' : ` (line ${Number(line) + 1})`;
  if (nested.startsWith('duplicate ID'))
    return errorProblem(
      'unique-ids',
      name,
      `More than one element has the id "${name}"${where}.`,
      'Give every element an id of its own.',
    );
  if (nested.startsWith('illegal ID'))
    return errorProblem(
      'unique-ids',
      name,
      `The id "${name}" is no XML name${where}.`,
      'Begin it with a letter or "_", and use letters, digits, "_", "-" and "." only.',
    );
  if (nested.startsWith('unresolved reference') && isLoopData(property) && element)
    return readAsVariable(element, property, value);
  if (nested.startsWith('unresolved reference'))
    return errorProblem(
      'references',
      id,
      `${at} refers to "${value}" as its ${property.replace(/^\w+:/, '')}, and there is no such element.`,
      'Connect it to an existing element, or delete it.',
    );
  if (nested.startsWith('unknown attribute'))
    return errorProblem(
      'xml',
      id,
      `${at} has the attribute "${name}", which ${language} and xflow do not know.`,
      'Correct its name, or remove it.',
    );
  if (nested.startsWith('unknown type') || nested.startsWith('unrecognized element'))
    return errorProblem(
      'xml',
      null,
      `The element <${name}> is not known here${where}.`,
      'Correct its name, move it to where it belongs, or remove it.',
    );
  return errorProblem(
    'xml',
    id,
    `The file cannot be read as ${language}${where}: ${nested.slice(0, 300).replace(/\s+/g, ' ')}.`,
    exportAgain(language),
  );
}

const isLoopData = (property: string): boolean => /loopData(Input|Output)Ref$/.test(property);

/** Other engines write the name of a variable where the standard refers to data of the diagram (BPMN 2.0.2, table 10.30): there is nothing else that it could mean. */
function readAsVariable(element: BpmnElement, property: string, name: string): Problem {
  const reference = property.replace(/^\w+:/, '');
  Object.assign(element, { [reference]: { $type: 'bpmn:DataObject', id: name } });
  return {
    level: 'warning',
    rule: 'references',
    elementId: element.$parent ? idOf(element.$parent) || null : null,
    message: `${element.$parent ? labelOf(element.$parent) : 'An activity'} refers to "${name}" as its ${reference}, and there is no such data: the variable of that name is meant.`,
    remedy: 'Add a data object with this id, so that readers and other tools find it.',
  };
}

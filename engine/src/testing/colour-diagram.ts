import type { WorkflowCoverage } from './coverage.js';

/** Colours as bpmn-io tools and, by the names of BPMN in Color, others read them. */
const colours = {
  covered: { stroke: '#205022', fill: '#c8e6c9' },
  missed: { stroke: '#831311', fill: '#ffcdd2' },
};

const namespaces = {
  bioc: 'http://bpmn.io/schema/bpmn/biocolor/1.0',
  color: 'http://www.omg.org/spec/BPMN/non-normative/color/1.0',
};

/**
 * The diagram with what was covered in green and what was missed in red: BPMN XML that any modeler shows. Only colours of shapes
 * and edges change, so that it is to be looked at, not to be kept. A file without diagram interchange comes back as it is.
 */
export function colourDiagram(xml: string, coverage: readonly WorkflowCoverage[]): string {
  const covered = new Set(coverage.flatMap(({ nodes, flows }) => [...nodes.covered, ...flows.covered]));
  const missed = new Set(coverage.flatMap(({ nodes, flows }) => [...nodes.missed, ...flows.missed]));
  return declareNamespaces(
    xml.replace(shapeTag, (tag: string, open: string, attributes: string, close: string) => {
      const id = /\bbpmnElement=(?:"([^"]*)"|'([^']*)')/.exec(attributes);
      const element = id?.[1] ?? id?.[2] ?? '';
      const colour = covered.has(element) ? colours.covered : missed.has(element) ? colours.missed : null;
      return colour === null
        ? tag
        : `${open}${attributes.replace(ownColours, '')}${attributesOf(colour, open.endsWith('Shape'))}${close}`;
    }),
  );
}

/** The opening tag of a shape or edge; `>` may stand inside of quotes. */
const shapeTag = /(<(?:[\w.-]+:)?BPMN(?:Shape|Edge)\b)((?:[^>"'/]|"[^"]*"|'[^']*')*)(\/?>)/g;
const ownColours = /\s(?:bioc:(?:stroke|fill)|color:(?:background-color|border-color))=(?:"[^"]*"|'[^']*')/g;

/** An edge has a line, and no background. */
function attributesOf({ stroke, fill }: { readonly stroke: string; readonly fill: string }, isShape: boolean): string {
  const line = ` bioc:stroke="${stroke}" color:border-color="${stroke}"`;
  return isShape ? `${line} bioc:fill="${fill}" color:background-color="${fill}"` : line;
}

function declareNamespaces(xml: string): string {
  return xml.replace(/<(?:[\w.-]+:)?definitions\b/, (tag) =>
    Object.entries(namespaces).reduce(
      (all, [prefix, uri]) => (xml.includes(`xmlns:${prefix}=`) ? all : `${all} xmlns:${prefix}="${uri}"`),
      tag,
    ),
  );
}

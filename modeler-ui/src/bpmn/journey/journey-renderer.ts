import BaseRenderer from 'diagram-js/lib/draw/BaseRenderer';
import { extensionOf } from '../extension-element.js';
import { stageColors, type StageColors } from '../lifecycle/stages.js';
import { ownerOf, textOf, type DiagramElement } from '../moddle.js';
import type { BpmnRenderer, EventBus, StageNames } from '../services.js';
import type { JourneyElements } from './journey-elements.js';

const svgNamespace = 'http://www.w3.org/2000/svg';
const ink = '#263143';

/** Draws nodes of the journey with their own icon, and nodes with a lifecycle stage in its colour, with its name on a badge. */
export class JourneyRenderer extends BaseRenderer {
  static readonly $inject = ['eventBus', 'bpmnRenderer', 'journeyElements', 'stageNames'];

  constructor(
    eventBus: EventBus,
    private readonly bpmnRenderer: BpmnRenderer,
    private readonly elements: JourneyElements,
    private readonly stageNames: StageNames,
  ) {
    super(eventBus as never, 1500);
  }

  override canRender(element: never): boolean {
    const node: DiagramElement = element;
    if (node.labelTarget !== undefined || !/(Task|Event|Gateway|SubProcess|CallActivity)$/.test(node.type))
      return false;
    return stageOf(node) !== null || this.elements.of(node)?.drawsIcon === true;
  }

  override drawShape(parent: SVGElement, element: never): SVGElement {
    const node: DiagramElement = element;
    const stage = stageOf(node);
    const colors = stage === null ? null : stageColors(stage.name, stage.color);
    const kind = this.elements.of(node);
    const attributes = colors === null ? {} : { stroke: colors.color, fill: colors.tint };

    const ownIcon = kind?.drawsIcon === true;
    const isGateway = node.type === 'bpmn:ExclusiveGateway';
    const draw = ownIcon ? this.bpmnRenderer.handlers[isGateway ? 'bpmn:Gateway' : 'bpmn:Task'] : undefined;
    const shape = draw?.(parent, node, attributes) ?? this.bpmnRenderer.drawShape(parent, node, attributes);
    if (ownIcon) {
      // In the corner of a task, in the middle of a gateway.
      const place = isGateway ? 'translate(12.5 12.5) scale(1.04)' : 'translate(5 5) scale(0.84)';
      drawIcon(parent, kind.icon.path, place, colors?.color ?? ink);
    }
    if (stage !== null && colors !== null) {
      darkenLabel(parent);
      drawBadge(parent, node, this.stageNames(stage.name), colors);
    }
    return shape;
  }

  override getShapePath(element: never): string {
    return this.bpmnRenderer.getShapePath(element);
  }
}

function stageOf(node: DiagramElement): { readonly name: string; readonly color?: string } | null {
  const lifecycle = extensionOf(ownerOf(node), 'xflow:Lifecycle');
  const name = textOf(lifecycle, 'stage');
  const color = textOf(lifecycle, 'color');
  if (name === undefined || name === '') return null;
  return color === undefined ? { name } : { name, color };
}

function drawIcon(parent: SVGElement, path: string, place: string, color: string): void {
  append(parent, 'path', {
    d: path,
    transform: place,
    fill: 'none',
    stroke: color,
    'stroke-width': '1.8',
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
  });
}

/** The label takes the colour of the line; on the tint only ink is legible for every colour. */
function darkenLabel(parent: SVGElement): void {
  for (const text of parent.querySelectorAll<SVGTextElement>('.djs-label')) text.style.fill = ink;
}

/** A pill with the stage's name: on the upper edge of tasks, above events and gateways, whose inside is taken. */
function drawBadge(parent: SVGElement, node: DiagramElement, name: string, colors: StageColors): void {
  const label = name.length > 16 ? `${name.slice(0, 15)}…` : name;
  const width = Math.round(textWidth(label) + 14);
  const onEdge = node.width >= 90;
  const x = onEdge ? node.width - width - 8 : (node.width - width) / 2;
  const y = onEdge ? -8 : -22;
  append(parent, 'rect', {
    x,
    y,
    width,
    height: 16,
    rx: 8,
    fill: colors.color,
    stroke: '#ffffff',
    'stroke-width': 1.5,
    class: 'stage-badge__ground',
  });
  const text = append(parent, 'text', {
    x: x + width / 2,
    y: y + 11.6,
    'text-anchor': 'middle',
    fill: colors.text,
    'font-size': 10,
    'font-weight': 600,
    'font-family': 'Inter, ui-sans-serif, system-ui, "Noto Sans SC", "Noto Sans CJK SC", sans-serif',
    class: 'stage-badge',
  });
  text.textContent = label;
}

/** Width in px at 10 px semibold: wide characters (Chinese) count full, Latin ones a little over half. */
function textWidth(text: string): number {
  return [...text].reduce((sum, character) => sum + ((character.codePointAt(0) ?? 0) > 0x2e80 ? 10 : 5.9), 0);
}

function append(parent: SVGElement, name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const child = document.createElementNS(svgNamespace, name);
  for (const [attribute, value] of Object.entries(attributes)) child.setAttribute(attribute, String(value));
  parent.appendChild(child);
  return child;
}

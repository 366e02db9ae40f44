import type { DiagramElement } from '../moddle.js';
import type { AutoPlace, Canvas, Modeling, Selection } from '../services.js';
import { isFollowed } from './journey-context-pad.js';
import type { JourneyElements } from './journey-elements.js';
import type { JourneyShapes } from './journey-shapes.js';

const action = 'create.journey-';

/** Enter or space on an entry of the palette: appends to the selected node, or places in the middle of what is shown. */
export class JourneyPaletteKeyboard {
  static readonly $inject = ['canvas', 'selection', 'autoPlace', 'modeling', 'journeyElements', 'journeyShapes'];

  constructor(
    private readonly canvas: Canvas,
    private readonly selection: Selection,
    private readonly autoPlace: AutoPlace,
    private readonly modeling: Modeling,
    private readonly elements: JourneyElements,
    private readonly shapes: JourneyShapes,
  ) {
    // The container goes with the diagram, and its listeners with it.
    canvas.getContainer().addEventListener('keydown', (event) => this.#onKey(event));
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    const entry = event.target instanceof HTMLElement ? event.target.dataset['action'] : undefined;
    const kind = this.elements.all().find(({ name }) => entry === `${action}${name}`);
    if (kind === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const [selected, ...others] = this.selection.get();
    const shape = this.shapes.create(kind);
    if (selected !== undefined && others.length === 0 && isFollowed(selected)) this.autoPlace.append(selected, shape);
    else this.selection.select(this.#placeInTheMiddle(shape));
  }

  #placeInTheMiddle(shape: DiagramElement): DiagramElement {
    const { x, y, width, height } = this.canvas.viewbox();
    const middle = { x: Math.round(x + width / 2), y: Math.round(y + height / 2) };
    return this.modeling.createShape(shape, middle, this.canvas.getRootElement());
  }
}

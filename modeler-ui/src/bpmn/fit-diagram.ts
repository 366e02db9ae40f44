import type { Canvas } from './services.js';

const margin = 40;
const largestScale = 1.25;

/** Shows the whole diagram, as large as it fits beside what covers `left` pixels of the canvas; small diagrams stay small. */
export function fitDiagram(canvas: Canvas, left: number): void {
  const { inner, outer } = canvas.viewbox();
  const width = outer.width - left - 2 * margin;
  const height = outer.height - 2 * margin;
  if (inner.width === 0 || inner.height === 0 || width <= 0 || height <= 0) return;
  const scale = Math.min(largestScale, width / inner.width, height / inner.height);
  const shown = { width: outer.width / scale, height: outer.height / scale };
  const freeLeft = (left + margin) / scale;
  canvas.viewbox({
    x: inner.x - freeLeft - Math.max(0, (width / scale - inner.width) / 2),
    y: inner.y - (shown.height - inner.height) / 2,
    ...shown,
  });
}

import { JourneyElements } from './journey-elements.js';
import { JourneyRenderer } from './journey-renderer.js';

/** Draws the journey's nodes: for viewer and modeler. Needs the value `stageNames`. */
export default {
  __init__: ['journeyRenderer'],
  journeyElements: ['type', JourneyElements],
  journeyRenderer: ['type', JourneyRenderer],
};

import drawing from './drawing.js';
import { JourneyContextPad } from './journey-context-pad.js';
import { JourneyPalette } from './journey-palette.js';
import { JourneyPaletteKeyboard } from './journey-palette-keyboard.js';
import { JourneyReplaceMenu } from './journey-replace-menu.js';
import { JourneyShapes } from './journey-shapes.js';

/** Draws and creates the journey's nodes: for the modeler. Needs the values `texts` and `stageNames`. */
export default {
  __depends__: [drawing],
  __init__: ['journeyPalette', 'journeyPaletteKeyboard', 'journeyContextPad', 'journeyReplaceMenu'],
  journeyShapes: ['type', JourneyShapes],
  journeyPalette: ['type', JourneyPalette],
  journeyPaletteKeyboard: ['type', JourneyPaletteKeyboard],
  journeyContextPad: ['type', JourneyContextPad],
  journeyReplaceMenu: ['type', JourneyReplaceMenu],
};

import { registerElement, registerGroup } from '../journey/registration.js';
import { segmentCheckElement } from './segment-check-element.js';
import { segmentCheckGroup } from './segment-check-group.js';

export default { __init__: [registerElement(segmentCheckElement), registerGroup(segmentCheckGroup)] };

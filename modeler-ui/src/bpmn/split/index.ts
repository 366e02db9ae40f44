import { registerElement, registerGroup } from '../journey/registration.js';
import { splitElement } from './split-element.js';
import { armGroup, splitGroup } from './split-group.js';

export default { __init__: [registerElement(splitElement), registerGroup(splitGroup), registerGroup(armGroup)] };

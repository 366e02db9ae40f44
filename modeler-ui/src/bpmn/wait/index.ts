import { registerElement, registerGroup } from '../journey/registration.js';
import { waitElement } from './wait-element.js';
import { waitGroup } from './wait-group.js';

export default { __init__: [registerElement(waitElement), registerGroup(waitGroup)] };

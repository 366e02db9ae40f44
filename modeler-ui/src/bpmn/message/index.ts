import { registerElement, registerGroup } from '../journey/registration.js';
import { messageElement } from './message-element.js';
import { messageGroup } from './message-group.js';

export default { __init__: [registerElement(messageElement), registerGroup(messageGroup)] };

import { registerElement, registerGroup } from '../journey/registration.js';
import { taskElement } from './task-element.js';
import { taskGroup } from './task-group.js';

export default { __init__: [registerElement(taskElement), registerGroup(taskGroup)] };

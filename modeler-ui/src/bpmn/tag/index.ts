import { registerElement, registerGroup } from '../journey/registration.js';
import { tagElement } from './tag-element.js';
import { tagGroup } from './tag-group.js';

export default { __init__: [registerElement(tagElement), registerGroup(tagGroup)] };

import { registerElement, registerGroup } from '../journey/registration.js';
import { updateProfileElement } from './update-profile-element.js';
import { updateProfileGroup } from './update-profile-group.js';

export default { __init__: [registerElement(updateProfileElement), registerGroup(updateProfileGroup)] };

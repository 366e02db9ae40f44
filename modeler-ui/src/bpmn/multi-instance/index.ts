import { registerGroup } from '../journey/registration.js';
import { multiInstanceGroup } from './multi-instance-group.js';

export default { __init__: [registerGroup(multiInstanceGroup)] };

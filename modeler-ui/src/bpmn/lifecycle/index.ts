import { registerGroup } from '../journey/registration.js';
import { lifecycleGroup } from './lifecycle-group.js';

export default { __init__: [registerGroup(lifecycleGroup)] };

import { registerGroup } from '../journey/registration.js';
import { userTaskGroup } from './user-task-group.js';

export default { __init__: [registerGroup(userTaskGroup)] };

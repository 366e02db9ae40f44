import { registerGroup } from '../journey/registration.js';
import { calledWorkflowGroup } from './called-workflow-group.js';

export default { __init__: [registerGroup(calledWorkflowGroup)] };

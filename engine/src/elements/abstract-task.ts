import type { PlainNode } from '../flow-node.js';
import { leave } from '../step/leave.js';
import type { ElementBehavior } from './element-behavior.js';

/** bpmn:task and bpmn:manualTask: there is nothing for an engine to do (BPMN 2.0.2, 13.3.3). */
export const abstractTask: ElementBehavior<PlainNode> = { enter: leave };

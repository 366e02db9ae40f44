import type { FlowNode } from '../flow-node.js';
import { leave } from '../step/leave.js';
import type { ElementBehavior } from './element-behavior.js';

/** Events that mark a point of the journey and do nothing: start events (what they wait for happened before), none throw and none end events. */
export const passingEvent: ElementBehavior<FlowNode> = { enter: leave };

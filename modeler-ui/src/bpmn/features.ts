import calledWorkflow from './called-workflow/index.js';
import condition from './condition/index.js';
import correlation from './correlation/index.js';
import cycle from './cycle/index.js';
import dataAssociation from './data-association/index.js';
import decision from './decision/index.js';
import frequencyCap from './frequency-cap/index.js';
import lifecycle from './lifecycle/index.js';
import message from './message/index.js';
import multiInstance from './multi-instance/index.js';
import retry from './retry/index.js';
import script from './script/index.js';
import searchable from './searchable/index.js';
import segmentCheck from './segment-check/index.js';
import split from './split/index.js';
import tag from './tag/index.js';
import task from './task/index.js';
import tierUpgrade from './tier-upgrade/index.js';
import updateProfile from './update-profile/index.js';
import userTask from './user-task/index.js';
import wait from './wait/index.js';

/** The feature modules, in the order in which palette and properties panel show them. */
export const features = [
  segmentCheck,
  wait,
  message,
  tierUpgrade,
  updateProfile,
  tag,
  split,
  task,
  condition,
  decision,
  multiInstance,
  userTask,
  calledWorkflow,
  script,
  dataAssociation,
  correlation,
  retry,
  cycle,
  lifecycle,
  frequencyCap,
  searchable,
];

import type { InstanceStatus, StartResponse } from '@xflow/schemas';
import { ApiClient } from '../api-client.js';
import { CommandError, exitCode } from '../command-error.js';
import type { Terminal } from '../terminal.js';

export interface StartCommandOptions {
  readonly url: string;
  readonly user: string;
  readonly variables?: string;
  /** Id of a none start event. */
  readonly startEvent?: string;
  /** Seconds, at most 60. */
  readonly wait?: number;
}

/** `xflow start WORKFLOW --user ID`: prints the new instance as JSON; with `--wait`, its status at its end or after that time. */
export async function startCommand(workflow: string, options: StartCommandOptions, terminal: Terminal): Promise<void> {
  const client = new ApiClient(options.url);
  const request = {
    userId: options.user,
    ...(options.variables === undefined ? {} : { variables: readVariables(options.variables) }),
    ...(options.startEvent === undefined ? {} : { startEvent: options.startEvent }),
  };
  if (options.wait === undefined) {
    const path = `/workflows/${encodeURIComponent(workflow)}/start`;
    const { instances } = await client.request<StartResponse>({ method: 'POST', path, body: request });
    terminal.out(JSON.stringify(instances[0]));
  } else {
    const body = { ...request, key: workflow, waitSeconds: options.wait };
    const status = await client.request<InstanceStatus>({ method: 'POST', path: '/workflows/execute', body });
    terminal.out(JSON.stringify(status, null, 2));
  }
}

function readVariables(text: string): Record<string, unknown> {
  try {
    const variables: unknown = JSON.parse(text);
    if (typeof variables === 'object' && variables !== null && !Array.isArray(variables)) {
      return variables as Record<string, unknown>;
    }
  } catch {
    // Falls through to the one message for both.
  }
  throw new CommandError(
    `--variables is not a JSON object: ${text}. Write it like '{"coupon": "BACK20"}'.`,
    exitCode.usage,
  );
}

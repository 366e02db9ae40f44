import type { PublishResponse } from '@xflow/schemas';
import { ApiClient } from '../api-client.js';
import type { Terminal } from '../terminal.js';

export interface PublishCommandOptions {
  readonly url: string;
  readonly running: 'stay' | 'migrate' | 'cancel';
}

/** `xflow publish WORKFLOW VERSION`: makes a version the active one; prints it, with the batch operation that was begun, as JSON. */
export async function publishCommand(
  workflow: string,
  version: number,
  { url, running }: PublishCommandOptions,
  terminal: Terminal,
): Promise<void> {
  const path = `/workflows/${encodeURIComponent(workflow)}/versions/${version}/publish`;
  const published = await new ApiClient(url).request<PublishResponse>({ method: 'POST', path, body: { running } });
  terminal.out(JSON.stringify(published));
}

import type { DecisionDeployment, Deployment } from '@xflow/schemas';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { ApiClient } from './api-client.js';
import { CommandError, exitCode } from './command-error.js';
import { problemLine } from './problem-line.js';

/**
 * Deploys what a folder holds, in the order in which one part needs another: `segments/*.json`, `ladders/*.json`,
 * `templates/*.liquid`, `*.dmn`, `*.bpmn`. A file is deployed by what it is: a `.bpmn` or `.dmn` file alone, too.
 * @returns What was done, a line each.
 * @throws CommandError with the name of the file that was refused.
 */
export async function deployPath(path: string, client: ApiClient, { draft = false } = {}): Promise<string[]> {
  const found = await stat(path).catch(() => null);
  if (!found) throw new CommandError(`${path} does not exist.`, exitCode.usage);
  if (found.isFile())
    return [await (extname(path) === '.dmn' ? deployDecisions(path, client) : deployDiagram(path, client, draft))];

  const diagrams = (await filesIn(path, '.bpmn')).map((file) => () => deployDiagram(file, client, draft));
  const decisions = (await filesIn(path, '.dmn')).map((file) => () => deployDecisions(file, client));
  const segments = (await filesIn(join(path, 'segments'), '.json')).map((file) => () => deploySegment(file, client));
  const ladders = (await filesIn(join(path, 'ladders'), '.json')).map((file) => () => deployLadder(file, client));
  const templates = (await filesIn(join(path, 'templates'), '.liquid')).map(
    (file) => () => deployTemplate(file, client),
  );
  const steps = [...segments, ...ladders, ...templates, ...decisions, ...diagrams];
  if (steps.length === 0) {
    throw new CommandError(
      `${path} holds nothing to deploy: no .bpmn or .dmn file, no segments, ladders or templates.`,
      exitCode.usage,
    );
  }
  const done: string[] = [];
  for (const step of steps) done.push(await step());
  return done;
}

async function deployDiagram(file: string, client: ApiClient, draft: boolean): Promise<string> {
  const body = await readFile(file, 'utf8');
  const deployment = await blaming(file, () =>
    client.request<Deployment>({
      method: 'POST',
      path: draft ? '/workflows?state=draft' : '/workflows',
      body,
      contentType: 'application/xml',
    }),
  );
  const workflows = deployment.workflows.map(({ key, version, created, state }) => {
    return `workflow ${key} version ${version}${created ? '' : ' (unchanged)'}${state === 'draft' ? ' (draft)' : ''}`;
  });
  const problems = deployment.problems.map((problem) => `  ${problemLine(basename(file), problem)}`);
  return [...workflows, ...problems].join('\n');
}

async function deployDecisions(file: string, client: ApiClient): Promise<string> {
  const body = await readFile(file, 'utf8');
  const deployment = await blaming(file, () =>
    client.request<DecisionDeployment>({ method: 'POST', path: '/decisions', body, contentType: 'application/xml' }),
  );
  const decisions = deployment.decisions.map(({ id, version, created }) => {
    return `decision ${id} version ${version}${created ? '' : ' (unchanged)'}`;
  });
  const problems = deployment.problems.map((problem) => `  ${problemLine(basename(file), problem)}`);
  return [...decisions, ...problems].join('\n');
}

async function deploySegment(file: string, client: ApiClient): Promise<string> {
  const segment = await readJson(file);
  const id = idOf(segment, file);
  const { items } = await client.request<{ items: { id: string }[] }>({ method: 'GET', path: '/segments' });
  const exists = items.some((item) => item.id === id);
  const request = exists
    ? ({ method: 'PUT', path: `/segments/${encodeURIComponent(id)}` } as const)
    : ({ method: 'POST', path: '/segments' } as const);
  await blaming(file, () => client.request({ ...request, body: segment }));
  return `segment ${id}`;
}

async function deployLadder(file: string, client: ApiClient): Promise<string> {
  const ladder = await readJson(file);
  const id = idOf(ladder, file);
  await blaming(file, () =>
    client.request({ method: 'PUT', path: `/ladders/${encodeURIComponent(id)}`, body: ladder }),
  );
  return `ladder ${id}`;
}

async function deployTemplate(file: string, client: ApiClient): Promise<string> {
  const id = basename(file, '.liquid');
  const text = await readFile(file, 'utf8');
  const head = /^Subject: (.*)\r?\n\r?\n/.exec(text);
  const body = { id, ...(head ? { subject: head[1]!, body: text.slice(head[0].length) } : { body: text }) };
  await blaming(file, () => client.request({ method: 'PUT', path: `/templates/${encodeURIComponent(id)}`, body }));
  return `template ${id}`;
}

async function filesIn(folder: string, extension: string): Promise<string[]> {
  const entries = await readdir(folder).catch(() => []);
  return entries
    .filter((name) => extname(name) === extension)
    .sort()
    .map((name) => join(folder, name));
}

async function readJson(file: string): Promise<Record<string, unknown>> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  } catch (error) {
    throw new CommandError(`${file} is not JSON: ${(error as Error).message}.`, exitCode.usage);
  }
}

function idOf(document: Record<string, unknown>, file: string): string {
  if (typeof document['id'] === 'string' && document['id'] !== '') return document['id'];
  throw new CommandError(`${file} has no id. Give it the name that diagrams use.`, exitCode.usage);
}

/** Puts the name of the file before whatever goes wrong with it. */
async function blaming<Answer>(file: string, step: () => Promise<Answer>): Promise<Answer> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof CommandError) throw new CommandError(`${file}: ${error.message}`, error.code);
    throw error;
  }
}

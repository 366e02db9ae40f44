import { Injectable } from '@nestjs/common';
import { compile, type Definition } from '@xflow/engine';
import { Pool } from 'pg';
import { NewerFormatError, storedFormat } from './stored-format.js';
import { TaskCatalog } from './task-catalog.js';

/** Compiled versions kept in memory. */
const capacity = 200;

/** Deployed versions, each compiled once and kept while it is in use. */
@Injectable()
export class DefinitionCache {
  /** In the order of last use. */
  private readonly compiled = new Map<string, Promise<Definition>>();

  constructor(
    private readonly pool: Pool,
    private readonly catalog: TaskCatalog,
  ) {}

  /** @throws when the version was never deployed, or does not compile any more; {@link NewerFormatError} when a newer version of xflow has deployed it. */
  async get(key: string, version: number): Promise<Definition> {
    const name = `${version} ${key}`;
    const known = this.compiled.get(name) ?? this.load(key, version);
    this.compiled.delete(name);
    this.compiled.set(name, known);
    if (this.compiled.size > capacity) this.compiled.delete(this.compiled.keys().next().value!);
    try {
      return await known;
    } catch (error) {
      this.compiled.delete(name);
      throw error;
    }
  }

  private async load(key: string, version: number): Promise<Definition> {
    const { rows } = await this.pool.query<{ xml: string; format: number }>(
      'SELECT xml, format FROM definition JOIN deployment ON deployment.id = deployment_id WHERE key = $1 AND version = $2',
      [key, version],
    );
    if (!rows[0]) throw new Error(`Workflow "${key}" has no version ${version}.`);
    if (rows[0].format > storedFormat)
      throw new NewerFormatError(`Version ${version} of workflow "${key}"`, rows[0].format);
    const result = await compile(rows[0].xml, { taskTypes: this.catalog.types });
    const definition = result.ok ? result.definitions.find((candidate) => candidate.key === key) : undefined;
    if (definition) return definition;
    const problems = result.problems.filter((problem) => problem.level === 'error');
    throw new Error(
      `Version ${version} of workflow "${key}" was deployed but does not compile any more: ` +
        `${problems.map((problem) => `${problem.message} ${problem.remedy}`).join(' ')}`,
    );
  }
}

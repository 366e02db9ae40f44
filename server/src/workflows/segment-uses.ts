import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Pool } from 'pg';
import { DefinitionCache } from '../runner/definition-cache.js';
import { SegmentsService } from '../segments/segments.service.js';

/** Tells the segments which of them workflows name: the newest version of each, and older ones that instances still run on. */
@Injectable()
export class SegmentUses implements OnModuleInit {
  constructor(
    private readonly pool: Pool,
    private readonly definitions: DefinitionCache,
    private readonly segments: SegmentsService,
  ) {}

  onModuleInit(): void {
    this.segments.registerUses((segmentId) => this.usesOf(segmentId));
  }

  private async usesOf(segmentId: string): Promise<string[]> {
    const { rows } = await this.pool.query<{ key: string; version: number }>(
      `SELECT key, version FROM definition d
       WHERE version = (SELECT max(version) FROM definition newest WHERE newest.key = d.key)
         OR EXISTS (SELECT FROM instance i WHERE i.workflow_key = d.key AND i.status = 'active' AND i.version = d.version)
       ORDER BY key, version`,
    );
    const uses: string[] = [];
    for (const { key, version } of rows) {
      const { references } = await this.definitions.get(key, version);
      const named = references.segments.filter(({ name }) => name === segmentId);
      for (const { elementId } of named)
        uses.push(`the workflow "${key}" (version ${version}, element "${elementId}")`);
    }
    return uses;
  }
}

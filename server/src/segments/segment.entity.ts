import type { SegmentRule } from '@xflow/schemas';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Table `segment`. */
@Entity('segment')
export class SegmentEntity {
  @PrimaryColumn('text') id: string;
  @Column('text') name: string;
  @Column('text') description: string;
  @Column('jsonb') rule: SegmentRule;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt: Date;
}

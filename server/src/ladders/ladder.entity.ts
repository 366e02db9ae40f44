import type { Ladder } from '@xflow/schemas';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Table `ladder`. */
@Entity('ladder')
export class LadderEntity {
  @PrimaryColumn('text') id: string;
  @Column('text', { nullable: true }) name: string | null;
  @Column('jsonb') tiers: Ladder['tiers'];
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt: Date;
}

import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Table `user_profile`. */
@Entity('user_profile')
export class UserProfileEntity {
  @PrimaryColumn('text', { name: 'subject_id' }) id: string;
  @Column('jsonb') attributes: Record<string, unknown>;
  @Column('text', { array: true }) tags: string[];
  @Column('text', { nullable: true }) stage: string | null;
  @Column('text', { nullable: true }) tier: string | null;
  @Column('double precision') points: number;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt: Date;
}

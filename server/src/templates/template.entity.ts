import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Table `template`. */
@Entity('template')
export class TemplateEntity {
  @PrimaryColumn('text') id: string;
  @Column('text', { nullable: true }) subject: string | null;
  @Column('text') body: string;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt: Date;
}

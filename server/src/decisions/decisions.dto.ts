import { ApiProperty } from '@nestjs/swagger';
import type { DecisionDeployment, DecisionSummary, DeployedDecision, DeployRequest } from '@xflow/schemas';
import { IsString } from 'class-validator';
import { ProblemDto, VersionDto } from '../workflows/workflows.dto.js';

export class DeployDecisionsDto implements DeployRequest {
  @ApiProperty({ description: 'DMN XML.' })
  @IsString()
  xml: string;
}

export class DecisionVersionDto {
  @ApiProperty({ description: 'Id of the decision in its file.', example: 'tier' }) id: string;
  @ApiProperty({ example: 'Tier' }) name: string;
  @ApiProperty({ example: 1 }) version: number;
  @ApiProperty({ description: 'false: identical content was there already.' }) created: boolean;
}

export class DecisionDeploymentDto implements DecisionDeployment {
  @ApiProperty({ type: [DecisionVersionDto] }) decisions: DecisionVersionDto[];
  @ApiProperty({ type: [ProblemDto], description: 'Warnings.' }) problems: ProblemDto[];
}

export class DecisionSummaryDto implements DecisionSummary {
  @ApiProperty({ example: 'tier' }) id: string;
  @ApiProperty({ example: 'Tier' }) name: string;
  @ApiProperty({ example: 1 }) version: number;
  @ApiProperty({ format: 'date-time', example: '2026-01-05T09:00:00.000Z' }) deployedAt: string;
}

export class DecisionListDto {
  @ApiProperty({ type: [DecisionSummaryDto] }) items: DecisionSummaryDto[];
}

export class DeployedDecisionDto extends DecisionSummaryDto implements DeployedDecision {
  @ApiProperty({ description: 'DMN XML.' }) xml: string;
  @ApiProperty({ type: [VersionDto], description: 'Newest first.' }) versions: VersionDto[];
}

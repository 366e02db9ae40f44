import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { IncidentGroups, IncidentPage, InstanceStatus } from '@xflow/schemas';
import { InstanceStatusDto } from '../instances/instances.dto.js';
import {
  IncidentGroupQuery,
  IncidentGroupsDto,
  IncidentPageDto,
  IncidentQuery,
  ResolveIncidentDto,
} from './incidents.dto.js';
import { IncidentsService } from './incidents.service.js';

@ApiTags('Incidents')
@Controller()
export class IncidentsController {
  constructor(private readonly incidents: IncidentsService) {}

  @Get('incidents')
  @ApiOperation({ summary: 'Open incidents, newest first' })
  @ApiOkResponse({ type: IncidentPageDto })
  list(@Query() query: IncidentQuery): Promise<IncidentPage> {
    return this.incidents.list(query);
  }

  @Get('incidents/groups')
  @ApiOperation({
    summary: 'Open incidents by their causes: workflow, element, type and reason; the most frequent first',
  })
  @ApiOkResponse({ type: IncidentGroupsDto })
  groups(@Query() { workflow }: IncidentGroupQuery): Promise<IncidentGroups> {
    return this.incidents.groups(workflow ?? null);
  }

  @Post('instances/:id/incidents/:incidentId/resolve')
  @HttpCode(200)
  @ApiOperation({ summary: 'Resolve an incident: try again, or choose a flow' })
  @ApiOkResponse({ type: InstanceStatusDto })
  resolve(
    @Param('id') id: string,
    @Param('incidentId') incidentId: string,
    @Body() request: ResolveIncidentDto,
  ): Promise<InstanceStatus> {
    return this.incidents.resolve(id, incidentId, request);
  }
}

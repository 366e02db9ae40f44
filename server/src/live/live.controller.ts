import { Controller, type MessageEvent, Param, Sse } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { map, type Observable } from 'rxjs';
import { LiveView } from './live-view.js';

/** Server-sent events (WHATWG HTML, section 9.2): `new EventSource(url)` in a browser, `curl -N` in a shell. */
@ApiTags('Live')
@Controller()
export class LiveController {
  constructor(private readonly live: LiveView) {}

  @Sse('instances/:id/live')
  @ApiOperation({ summary: 'Where an instance stands, now and whenever it moves, until it ends (InstanceChange)' })
  @ApiProduces('text/event-stream')
  async instance(@Param('id') id: string): Promise<Observable<MessageEvent>> {
    return (await this.live.instance(id)).pipe(map((data) => ({ data })));
  }

  @Sse('workflows/:key/live')
  @ApiOperation({ summary: 'A notice whenever instances of a workflow move, at most four a second (WorkflowChange)' })
  @ApiProduces('text/event-stream')
  workflow(@Param('key') key: string): Observable<MessageEvent> {
    return this.live.workflow(key).pipe(map((data) => ({ data })));
  }
}

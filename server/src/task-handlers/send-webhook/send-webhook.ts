import type { Json } from '@xflow/engine';
import { OutgoingHttp } from '../../outgoing-http/outgoing-http.js';
import { TemplatesService } from '../../templates/templates.service.js';
import { renderedFor } from '../rendered-for.js';
import { TaskHandler, type Job, type JobHandler } from '../task-handler.js';

/** Configuration: schemas/tasks/send-webhook.json */
interface Config {
  readonly url: string;
  readonly template?: string;
}

/** Posts JSON to an address: a rendered template, or user, variables and instance. The result: `{ sent: true, status }`. */
@TaskHandler('send-webhook')
export class SendWebhook implements JobHandler<Config> {
  constructor(
    private readonly http: OutgoingHttp,
    private readonly templates: TemplatesService,
  ) {}

  async run(job: Job<Config>, signal: AbortSignal): Promise<Json> {
    const context = await job.context();
    const { url, template } = job.config;
    const body =
      template === undefined
        ? JSON.stringify(context)
        : await renderedFor(() => this.templates.renderJson(template, context));
    const headers = { 'content-type': 'application/json', 'idempotency-key': job.idempotencyKey };
    const { status } = await this.http.send({ url, method: 'POST', headers, body }, signal);
    return { sent: true, status };
  }
}

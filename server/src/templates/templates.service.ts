import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Template } from '@xflow/schemas';
import { In, Repository } from 'typeorm';
import { Clock } from '../clock/clock.js';
import { Coalescer } from '../coalescer/coalescer.js';
import { InvalidRequestError, UnprocessableError, type ProblemDetail } from '../http-problems/problem-error.js';
import { parseLiquid, renderLiquid, type Escaping } from './liquid.js';
import { TemplateEntity } from './template.entity.js';

/** A template cannot be rendered: it is gone, or fails on the data. Whole sentences. */
export class RenderError extends Error {
  constructor(
    readonly reason: string,
    readonly remedy: string,
  ) {
    super(reason);
    this.name = 'RenderError';
  }
}

/** Parsed sources kept in memory. */
const capacity = 50;

/** Message templates in Liquid. */
@Injectable()
export class TemplatesService {
  private readonly parsed = new Map<string, ReturnType<typeof parseLiquid>>();
  private readonly loaded = new Coalescer<string, TemplateEntity | null>(async (ids) => {
    const found = await this.templates.findBy({ id: In([...new Set(ids)]) });
    const byId = new Map(found.map((template) => [template.id, template]));
    return ids.map((id) => byId.get(id) ?? null);
  });

  constructor(
    @InjectRepository(TemplateEntity) private readonly templates: Repository<TemplateEntity>,
    private readonly clock: Clock,
  ) {}

  async list(): Promise<Template[]> {
    return (await this.templates.find({ order: { id: 'ASC' } })).map(toTemplate);
  }

  /** Creates the template, or replaces what stood there. @throws UnprocessableError when its Liquid does not parse */
  async put(id: string, template: Template): Promise<Template> {
    if (id !== template.id) {
      throw new InvalidRequestError([
        {
          field: '$.id',
          message: `The body names the template "${template.id}", the path "${id}".`,
          remedy: 'Send the same id in both; a template cannot be renamed.',
        },
      ]);
    }
    const { subject = null, body } = template;
    const problems = [
      ...(subject === null ? [] : liquidProblems(subject, 'text', '$.subject')),
      ...liquidProblems(body, 'html', '$.body'),
    ];
    if (problems.length > 0) throw new UnprocessableError('The template is not valid Liquid', problems);
    const now = new Date(this.clock.now());
    const standing = await this.templates.findOneBy({ id });
    const saved = { id, subject, body, createdAt: standing?.createdAt ?? now, updatedAt: now };
    return toTemplate(await this.templates.save(saved));
  }

  /** Those of the names that no template has. */
  async unknown(names: readonly string[]): Promise<string[]> {
    const known = new Set((await this.templates.find({ select: { id: true } })).map(({ id }) => id));
    return names.filter((name) => !known.has(name));
  }

  /**
   * An e-mail: the body as HTML, the subject as one line of plain text.
   * @param subject Liquid; default the template's own, then the template's name
   * @throws RenderError
   */
  async renderMail(id: string, subject: string | undefined, data: object): Promise<{ subject: string; html: string }> {
    const template = await this.load(id);
    const html = await this.render(template.body, 'html', data, id);
    const line = await this.render(subject ?? template.subject ?? id, 'text', data, id);
    return { subject: line.replace(/\s+/g, ' ').trim(), html };
  }

  /** A JSON document; what is put out is escaped for JSON strings. @throws RenderError */
  async renderJson(id: string, data: object): Promise<string> {
    const template = await this.load(id);
    const json = await this.render(template.body, 'json', data, id);
    try {
      return JSON.stringify(JSON.parse(json));
    } catch (error) {
      throw new RenderError(
        `The template "${id}" did not render to valid JSON: ${(error as Error).message}.`,
        'Correct the template; put texts into quotes, and whole values out with {{ value | json | raw }}.',
      );
    }
  }

  private async load(id: string): Promise<TemplateEntity> {
    const template = await this.loaded.get(id);
    if (template === null) {
      throw new RenderError(`There is no template "${id}".`, 'Create the template, and retry the incident.');
    }
    return template;
  }

  private async render(source: string, escaping: Escaping, data: object, id: string): Promise<string> {
    try {
      return await renderLiquid(this.parse(source, escaping), escaping, data);
    } catch (error) {
      throw new RenderError(
        `The template "${id}" cannot be rendered: ${(error as Error).message}.`,
        'Correct the template, and retry the incident.',
      );
    }
  }

  private parse(source: string, escaping: Escaping): ReturnType<typeof parseLiquid> {
    const key = `${escaping} ${source}`;
    const known = this.parsed.get(key) ?? parseLiquid(source, escaping);
    this.parsed.delete(key);
    this.parsed.set(key, known);
    if (this.parsed.size > capacity) this.parsed.delete(this.parsed.keys().next().value!);
    return known;
  }
}

function liquidProblems(source: string, escaping: Escaping, field: string): ProblemDetail[] {
  try {
    parseLiquid(source, escaping);
    return [];
  } catch (error) {
    return [
      {
        field,
        message: `The Liquid cannot be parsed: ${(error as Error).message}.`,
        remedy:
          'Correct it there. Templates cannot include files; layout, include, render and block are not available.',
      },
    ];
  }
}

function toTemplate({ id, subject, body }: TemplateEntity): Template {
  return { id, ...(subject === null ? {} : { subject }), body };
}

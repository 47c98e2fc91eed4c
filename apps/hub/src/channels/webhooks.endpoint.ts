import { Injectable } from '@nestjs/common';
import { PayloadError, SignatureError, type Received, type WebhookRequest } from '@omni-hub/channel-sdk';
import type { Request, Response } from 'express';
import { Intake } from '../flow/intake';
import { Problem } from '../flow/problem';
import { Instances } from '../instances/instances';
import type { LiveInstance } from '../instances/live-instance';
import { readBody } from './read-body';

/** Platforms' webhooks are at most 3 MB. */
const maxBytes = 3 * 1024 * 1024;

/**
 * The platforms' side: `/webhooks/:channel/:instance`, and below it what the channel has the platform append. A request is verified and read by its channel, committed by the
 * intake, and only then answered. Our own trouble is a 503, never a 4xx: a platform drops what it is told is wrong.
 * Mounted beside Nest's routes: guards, pipes and a second router would cost more time than all that is done here.
 */
@Injectable()
export class WebhooksEndpoint {
  constructor(
    private readonly instances: Instances,
    private readonly intake: Intake,
  ) {}

  /** `request.path` is what follows `/webhooks`. Rejects with a Problem, or with what the store failed of. */
  async answer(request: Request, response: Response): Promise<void> {
    const { instance, receive, path } = await this.find(request);
    const body = await readBody(request, maxBytes);
    const received = await this.read(instance, receive, {
      method: request.method as WebhookRequest['method'],
      path,
      headers: request.headers as WebhookRequest['headers'],
      query: request.query as WebhookRequest['query'],
      body,
    });
    await this.intake.accept(instance, received, kept(instance, body));
    const { status, contentType, body: reply } = received.reply ?? { status: 200 };
    response.statusCode = status;
    if (contentType) response.setHeader('content-type', contentType);
    response.end(reply);
  }

  private async find(request: Request) {
    const [, channel, name = '', ...rest] = request.path.split('/');
    const instance = await this.instances.findByName(name);
    const receive = instance?.handler.receive?.bind(instance.handler);
    const path = /^(GET|POST)$/.test(request.method) ? decoded(rest) : null;
    if (path === null || !receive || instance?.channel.id !== channel) {
      throw Problem.notFound(`webhook of the channel ${channel.slice(0, 64)} for the instance`, name);
    }
    return { instance, receive, path };
  }

  private async read(
    instance: LiveInstance,
    receive: (request: WebhookRequest) => Received,
    request: WebhookRequest,
  ): Promise<Received> {
    try {
      return receive(request);
    } catch (error) {
      if (error instanceof SignatureError) throw new Problem(401, error.code, error.message);
      if (!(error instanceof PayloadError)) throw error;
      await this.intake.reject(instance, error.message, kept(instance, request.body));
      throw new Problem(400, error.code, error.message);
    }
  }
}

/** Null where the path could be read in more than one way: a broken escape, a slash inside a segment, `.` or `..`. */
function decoded(segments: string[]): string | null {
  try {
    const parts = segments.filter((segment) => segment !== '').map((segment) => decodeURIComponent(segment));
    return parts.some((part) => /^\.{1,2}$|[/\\]/.test(part)) ? null : parts.join('/');
  } catch {
    return null;
  }
}

/** What is stored of a body. */
const kept = ({ handler }: LiveInstance, body: Buffer) => handler.scrub?.(body) ?? body;

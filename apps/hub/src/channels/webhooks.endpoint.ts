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
 * The platforms' side: `/webhooks/:channel/:instance`. A request is verified and read by its channel, committed by the
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
    const { instance, receive } = this.find(request);
    const body = await readBody(request, maxBytes);
    const received = await this.read(instance, receive, {
      method: request.method as WebhookRequest['method'],
      headers: request.headers as WebhookRequest['headers'],
      query: request.query as WebhookRequest['query'],
      body,
    });
    await this.intake.accept(instance, received, body);
    const { status, contentType, body: reply } = received.reply ?? { status: 200 };
    response.statusCode = status;
    if (contentType) response.setHeader('content-type', contentType);
    response.end(reply);
  }

  private find(request: Request) {
    const [, channel, name = '', ...rest] = request.path.split('/');
    const instance = this.instances.byName(name);
    const receive = instance?.handler.receive?.bind(instance.handler);
    const isKnown = /^(GET|POST)$/.test(request.method) && rest.every((part) => part === '');
    if (!isKnown || !receive || instance?.channel.id !== channel) {
      throw Problem.notFound(`webhook of the channel ${channel.slice(0, 64)} for the instance`, name);
    }
    return { instance, receive };
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
      await this.intake.reject(instance, error.message, request.body);
      throw new Problem(400, error.code, error.message);
    }
  }
}

import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { SendError } from '@omni-hub/channel-sdk';
import type { Attachment, InboundEvent, MediaAttachment } from '@omni-hub/contracts';
import type { Response } from 'express';
import { pipeline } from 'node:stream/promises';
import { MediaLinks } from '../flow/media-links';
import { Problem } from '../flow/problem';
import { Instances } from '../instances/instances';
import { Store } from '../storage/open-store';

/** Attachments as agents fetch them: streamed from the platform, so that no platform credential leaves the hub. */
@ApiTags('media')
@Controller('media')
export class MediaController {
  constructor(
    private readonly links: MediaLinks,
    private readonly store: Store,
    private readonly instances: Instances,
  ) {}

  @Get(':token')
  @ApiOperation({ summary: 'The bytes of an attachment, by the signed link that the agent was given' })
  async fetch(@Param('token') token: string, @Res() response: Response): Promise<void> {
    const target = this.links.read(token);
    if (!target)
      throw new Problem(
        404,
        'LINK_EXPIRED',
        'the link is too old or was not made by this hub: links live for an hour',
      );
    const stored = await this.store.messages.source(target.messageId);
    const instance = stored && this.instances.byId(stored.instanceId);
    const attachment = stored && attachmentOf(JSON.parse(stored.content) as InboundEvent, target.index);
    if (!instance?.handler.fetchMedia || !attachment)
      throw Problem.notFound('attachment', String(target.index));

    const abort = new AbortController();
    response.once('close', () => abort.abort());
    const media = await instance.handler.fetchMedia(attachment.ref, abort.signal).catch((error: Error) => {
      throw error instanceof SendError ? new Problem(502, error.code, error.message) : error;
    });
    response.setHeader('content-type', safeType(attachment.mimeType ?? media.mimeType));
    response.setHeader('content-disposition', 'attachment');
    response.setHeader('x-content-type-options', 'nosniff');
    if (media.size !== null) response.setHeader('content-length', media.size);
    await pipeline(media.stream, response).catch(() => response.destroy());
  }
}

function attachmentOf(event: InboundEvent, index: number): MediaAttachment | null {
  const attachment: Attachment | undefined =
    'message' in event ? event.message.attachments[index] : undefined;
  return attachment && 'ref' in attachment ? attachment : null;
}

const safeType = (mimeType: string | null) =>
  mimeType && /^[\w.+-]+\/[\w.+-]+$/.test(mimeType) ? mimeType : 'application/octet-stream';

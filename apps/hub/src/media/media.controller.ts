import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { pipeline } from 'node:stream/promises';
import { AnswersFile } from '../document/answers';
import { MediaLinks } from '../flow/media-links';
import { Problem } from '../flow/problem';
import { MediaReader } from './media-reader';

/** Attachments as agents fetch them: from the media store, so that no platform credential leaves the hub. */
@ApiTags('media')
@Controller('media')
export class MediaController {
  constructor(
    private readonly links: MediaLinks,
    private readonly reader: MediaReader,
  ) {}

  @Get(':token')
  @ApiOperation({ summary: 'The bytes of an attachment, by the signed link that the agent was given' })
  @AnswersFile('*/*')
  async fetch(@Param('token') token: string, @Res() response: Response): Promise<void> {
    const target = this.links.read(token);
    if (!target)
      throw new Problem(
        404,
        'LINK_EXPIRED',
        'the link is too old or was not made by this hub: links live for an hour',
      );
    const file = await this.reader.open({ messageId: target.messageId, position: target.index });
    response.setHeader('content-type', safeType(file.mimeType));
    response.setHeader('content-length', file.size);
    response.setHeader('content-disposition', 'attachment');
    response.setHeader('x-content-type-options', 'nosniff');
    await pipeline(file.stream, response).catch(() => response.destroy());
  }
}

const safeType = (mimeType: string | null) =>
  mimeType && /^[\w.+-]+\/[\w.+-]+(; ?codecs=[\w.,-]+)?$/.test(mimeType)
    ? mimeType
    : 'application/octet-stream';

import { About } from '@omni-hub/channel-sdk';
import { Controller, HttpCode, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { IsOptional, IsString, Matches } from 'class-validator';
import type { Request } from 'express';
import { PassThrough, type Readable } from 'node:stream';
import { Answers } from '../document/answers';
import { HubConfig } from '../config/hub.config';
import { OutgoingFiles, type UploadedFile } from '../flow/outgoing-files';
import { Problem } from '../flow/problem';
import { uploadedFile } from './answers/messages';
import { ForAnyInstance, Needs } from './api-key.guard';

export class UploadQuery {
  @About('What the file is called where it is shown.')
  @IsOptional()
  @IsString()
  @Matches(/^[^\p{Cc}/\\]{1,255}$/u, { message: 'filename must be a name of at most 255 characters' })
  filename?: string;
}

/** What clients say of a file that they know nothing of. */
const meaningless = /^(application\/(octet-stream|x-www-form-urlencoded))?(;|$)/i;

@ApiTags('media')
@ApiSecurity('apiKey')
@Controller('api/v1/media')
export class UploadsController {
  constructor(
    private readonly files: OutgoingFiles,
    private readonly config: HubConfig,
  ) {}

  @Post()
  @Needs('messages:send')
  @ForAnyInstance()
  @HttpCode(201)
  @ApiConsumes('application/octet-stream')
  @ApiBody({
    description: 'The bytes of the file, with its `content-type`',
    schema: { type: 'string', format: 'binary' },
  })
  @ApiOperation({ summary: 'Upload a file, to be sent by its mediaId' })
  @Answers(uploadedFile)
  async upload(@Req() request: Request, @Query() { filename }: UploadQuery): Promise<UploadedFile> {
    if ((request.headers['content-encoding'] ?? 'identity') !== 'identity')
      throw new Problem(415, 'UNSUPPORTED_MEDIA_TYPE', 'send the bytes of the file as they are, not packed');
    const { mediaMaxBytes } = this.config;
    if (Number(request.headers['content-length'] ?? 0) > mediaMaxBytes)
      throw new Problem(
        413,
        'TOO_LARGE',
        `a file has at most ${mediaMaxBytes} bytes: see OMNI_MEDIA_MAX_BYTES`,
      );
    const type = request.headers['content-type'] ?? '';
    const mimeType = meaningless.test(type) ? null : type.slice(0, 200);
    return this.files.upload(bytesOf(request), { mimeType, filename: filename ?? null });
  }
}

/** The body, given up without its connection: a refusal has to be read by who sends it. */
function bytesOf(request: Request): Readable {
  const bytes = new PassThrough();
  request.once('close', () => {
    if (!request.complete) bytes.destroy(new Error('the client left'));
  });
  return request.pipe(bytes);
}

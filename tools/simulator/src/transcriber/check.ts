import type { Answer } from '../http';
import { type Form, parseMultipart, type Upload } from '../multipart';

/** What the service is asked, as it reads it. */
export interface Transcription {
  model: string;
  language: string | null;
  file: Upload;
}

const mostBytes = 26_214_400;
const formats = ['flac', 'm4a', 'mp3', 'mp4', 'mpeg', 'mpga', 'oga', 'ogg', 'wav', 'webm'];

/** OpenAI's shape of a refusal. */
export const refusal = (status: number, message: string, code: string | null = null): Answer => ({
  status,
  body: { error: { message, type: 'invalid_request_error', param: null, code } },
});

/** Reads a request's body, or answers as OpenAI refuses it. */
export function check(contentType: string, body: Buffer): Transcription | Answer {
  if (body.length > mostBytes)
    return refusal(413, `Maximum content size limit (${mostBytes}) exceeded (${body.length} bytes read)`);
  const form = parseMultipart(contentType, body);
  if (!form) return refusal(400, 'Could not parse multipart form');
  return checkForm(form);
}

function checkForm({ fields, files }: Form): Transcription | Answer {
  const { model, language = null, response_format: format = 'json' } = fields;
  const file = files.get('file');
  if (!file) return refusal(400, "'file' is a required property");
  if (!model) return refusal(400, 'you must provide a model parameter');
  if (format !== 'json') return refusal(400, `This server answers JSON only, not '${format}'`);
  if (language !== null && !/^[a-z]{2}$/.test(language))
    return refusal(
      400,
      `Invalid language '${language}'. Language parameter must be specified in ISO-639-1 format.`,
    );
  if (!formats.includes(file.filename.split('.').at(-1)!.toLowerCase()))
    return refusal(400, `Invalid file format. Supported formats: ${JSON.stringify(formats)}`);
  if (file.bytes.length === 0)
    return refusal(400, 'Audio file is too short. Minimum audio length is 0.1 seconds.');
  return { model, language, file };
}

import type { Answer } from '../http';

/** What the service is asked to say, as it reads it. */
export interface Speech {
  model: string;
  input: string;
  voice: string;
}

const mostCharacters = 4_096;
const fields = ['model', 'input', 'voice', 'response_format'];

/** OpenAI's shape of a refusal. */
export const refusal = (status: number, message: string, code: string | null = null): Answer => ({
  status,
  body: { error: { message, type: 'invalid_request_error', param: null, code } },
});

/** Reads a request's body, or answers as OpenAI refuses it. */
export function check(body: Buffer, voices: readonly string[]): Speech | Answer {
  const asked = parse(body);
  if (!asked) return refusal(400, 'We could not parse the JSON body of your request.');
  const unknown = Object.keys(asked).find((field) => !fields.includes(field));
  if (unknown) return refusal(400, `Unrecognized request argument supplied: ${unknown}`);
  const { model, input, voice, response_format: format } = asked;
  if (typeof model !== 'string' || model === '') return refusal(400, 'you must provide a model parameter');
  if (typeof input !== 'string' || input === '') return refusal(400, "'input' is a required property");
  if (input.length > mostCharacters)
    return refusal(400, `String should have at most ${mostCharacters} characters`, 'string_too_long');
  if (typeof voice !== 'string' || !voices.includes(voice))
    return refusal(400, `Input should be ${voices.map((name) => `'${name}'`).join(', ')}`);
  if (format !== 'opus') return refusal(400, `This server answers Ogg/Opus only, not '${String(format)}'`);
  return { model, input, voice };
}

function parse(body: Buffer): Record<string, unknown> | null {
  try {
    const parsed: unknown = JSON.parse(body.toString());
    return typeof parsed === 'object' && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown> | null)
      : null;
  } catch {
    return null;
  }
}
